# SPDX-License-Identifier: BSD-3-Clause
"""What every test starts from, here and in ../boards. See README.md."""
import contextlib
import functools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

import installed
from device import DIES_WITH_US, Device
from namespace import Namespace, OUR
from output import Output
from pki import Authority

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build"
sys.path.insert(1, str(HERE.parent / "boards"))
import cannot  # noqa: E402
from board import Board  # noqa: E402
from trust import Trust  # noqa: E402


def pytest_addoption(parser):
    group = parser.getgroup("tinymx")
    group.addoption("--sim", default=os.environ.get("TINYMX_SIM"),
                    help="tinymx-sim (or set TINYMX_SIM)")
    group.addoption("--board", default=os.environ.get("TINYMX_BOARD"),
                    help="a board in QEMU instead of the simulator "
                         "(or set TINYMX_BOARD)")
    group.addoption("--image", default=os.environ.get("TINYMX_BOARD_IMAGE"),
                    help="its firmware (or set TINYMX_BOARD_IMAGE)")
    group.addoption("--peers", default=os.environ.get(
                        "TINYMX_PEERS", HERE.parents[1] / ".cache" / "peers"),
                    help="folder in which get-peers unpacks Postfix and Exim")
    group.addoption("--no-skips", action="store_true",
                    default="TINYMX_NO_SKIPS" in os.environ,
                    help="a test that cannot run here fails")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    board = item.config.getoption("--board")
    known = board and cannot.why(board, item.nodeid)
    if report.skipped and item.config.getoption("--no-skips") and not known:
        report.outcome = "failed"
        report.longrepr = f"could not run: {report.longrepr[2]}"


def pytest_collection_modifyitems(config, items):
    """What a board cannot do is skipped by name, and never fails for it."""
    board = config.getoption("--board")
    if board:
        for item in items:
            why = cannot.why(board, item.nodeid)
            if why:
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def sim(request):
    path = request.config.getoption("--sim") or \
        BUILD / "sim" / "port" / "posix" / "tinymx-sim"
    path = pathlib.Path(path).resolve()
    if not os.access(path, os.X_OK):
        pytest.exit(f"no simulator at {path}: give --sim or TINYMX_SIM", 3)
    return path


@pytest.fixture(scope="session")
def image(request):
    board = request.config.getoption("--board")
    path = request.config.getoption("--image") or \
        BUILD / board / "port" / "cortexm" / f"tinymx-{board}.elf"
    path = pathlib.Path(path).resolve()
    if not path.exists():
        pytest.exit(f"no image at {path}: give --image or "
                    "TINYMX_BOARD_IMAGE", 3)
    return path


@pytest.fixture(scope="session")
def peers(request):
    """The folder with Postfix and Exim in it, unpacked and not installed."""
    installed.need_root("a mail server changes its user")
    folder = pathlib.Path(request.config.getoption("--peers")).resolve()
    got = subprocess.run([HERE / "get-peers", folder], text=True,
                         capture_output=True, timeout=300)
    if got.returncode != 0:
        pytest.skip("get-peers: " + (got.stdout + got.stderr)[-400:])
    return folder / "root"


@pytest.fixture(scope="session")
def pki(request, tmp_path_factory):
    """Whom the tests trust: an authority, or what a board shows of itself."""
    kind = Trust if request.config.getoption("--board") else Authority
    return kind(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="session")
def kind(request, pki):
    """Makes a device: the simulator, or the board that --board asks for."""
    board = request.config.getoption("--board")
    if board:
        return functools.partial(
            Board, board, request.getfixturevalue("image"), pki)
    return functools.partial(Device, request.getfixturevalue("sim"))


@pytest.fixture
def short_tmp():
    """A temporary folder that other users can reach, with a short name."""
    path = pathlib.Path(tempfile.mkdtemp(prefix="tinymx-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def namespace():
    installed.need_root("a TAP interface is made")
    try:
        with Namespace() as made:
            yield made
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"no TAP interface here: {getattr(error, 'stderr', error)}")


@pytest.fixture
def serve(namespace, tmp_path):
    """Starts dnsmasq inside, with these options. It forgets its leases: the next
    device of a test may be another one."""
    servers = []

    def start(*options):
        server = subprocess.Popen(
            [*DIES_WITH_US, *namespace.argv(
                "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
                "--no-resolv", "--no-hosts", "--user=root", "--pid-file",
                f"--listen-address={OUR}", "--bind-interfaces",
                f"--dhcp-leasefile={tmp_path / 'leases'}", "--log-facility=-",
                *options)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        servers.append(server)
        output = Output(server.stdout)
        output.wait("started")
        return output

    yield start
    for server in servers:
        server.terminate()
        server.wait()


@pytest.fixture
def launch(kind, pki, tmp_path):
    """Starts devices; all are ended, and asked how it went, after the test.

    launch(sessions=2) starts one with --sessions 2 and waits until it listens.
    ready=False does not wait, and leaves its end to the test.
    """
    devices = []
    with contextlib.ExitStack() as ends:
        def start(identity=pki.good, ready=True, folder=None, **options):
            folder = folder or tmp_path / f"device{len(devices)}"
            folder.mkdir(exist_ok=True)
            device = kind(folder, identity, **options)
            ends.callback(device.kill)
            if not ready:
                return device
            devices.append(device)
            return device.started()
        yield start
        for device in devices:
            print(device.log())
            device.terminate()


@pytest.fixture
def mx(launch):
    """A device with every default."""
    return launch()
