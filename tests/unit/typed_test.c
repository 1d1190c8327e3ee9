/* SPDX-License-Identifier: BSD-3-Clause */
/* Standard input of the simulator: when it is waited for, and when it is not
 * any more. */
#define _GNU_SOURCE
#include "typed.h"

#include "test_port.h"

#include "lwip/sys.h"

#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static struct mx_server server;
static struct mx_keeper keeper;
static int in[2];

u32_t sys_now(void)
{
    return test_now_ms;
}

/* `fd` becomes standard input. What had ended before has not, for this one. */
static void use(int fd)
{
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    close(fd);
    typed_init(&(struct typed_config){
        .server = &server, .keeper = &keeper, .maildir = "/nonexistent"});
}

static void use_pipe(void)
{
    assert_int_equal(pipe(in), 0);
    use(in[0]);
}

/* The end comes after what was typed, and is the end. */
static void end_of_file(void **state)
{
    (void)state;
    use_pipe();
    assert_int_equal(typed_fd(), STDIN_FILENO);
    assert_int_equal(write(in[1], "\r\n", 2), 2);
    close(in[1]);
    typed_read();
    assert_int_equal(typed_fd(), STDIN_FILENO);
    typed_read();
    assert_int_equal(typed_fd(), -1);
}

static void empty(void **state)
{
    (void)state;
    use(open("/dev/null", O_RDONLY));
    assert_int_equal(typed_fd(), STDIN_FILENO);
    typed_read();
    assert_int_equal(typed_fd(), -1);
}

/* It says that it can be read, and cannot. */
static void error(void **state)
{
    (void)state;
    use(open("/", O_RDONLY | O_DIRECTORY));
    typed_read();
    assert_int_equal(typed_fd(), -1);
}

static void nothing_there_yet(void **state)
{
    (void)state;
    use_pipe();
    assert_int_equal(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK), 0);
    typed_read();
    assert_int_equal(typed_fd(), STDIN_FILENO);
    close(in[1]);
}

/* A terminal in whose foreground we are not is left to its owner, and not
 * given up. */
static void terminal_of_others(void **state)
{
    int master, slave;

    (void)state;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    use(slave);
    assert_int_equal(write(master, "help\n", 5), 5);
    assert_int_equal(typed_fd(), -1);
    typed_read(); /* would find the line, or stop us */
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(end_of_file),
        cmocka_unit_test(empty),
        cmocka_unit_test(error),
        cmocka_unit_test(nothing_there_yet),
        cmocka_unit_test(terminal_of_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
