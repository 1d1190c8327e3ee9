/* SPDX-License-Identifier: BSD-3-Clause */
/* tinymx-provision: a configuration file, made the image that a board reads. */
#define _DEFAULT_SOURCE
#include "provision.h"

#include "addr.h"
#include "config_file.h"
#include "file.h"
#include "tinymx/err.h"
#include "tinymx/tls.h"
#include "why.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum status { FINE = 0, WRONG = 1, USAGE = 2 };

struct job {
    const char *config; /* the one word without dashes */
    const char *out;    /* -o */
    bool check;
    bool show;
    uint32_t size;
    uint32_t counter;
    bool counted; /* --counter */
    struct provision_after after;
};

static void help(void)
{
    puts(
        "usage: tinymx-provision CONFIG -o IMAGE [--size N]\n"
        "                               [--counter N | --after A [--after B]]\n"
        "       tinymx-provision --check CONFIG\n"
        "       tinymx-provision --show IMAGE\n"
        "       tinymx-provision --help | --version\n"
        "\n"
        "Makes of the simulator's configuration file the image from which a\n"
        "board has its settings, certificate and key: write it to the place\n"
        "in flash that the board's README names.\n"
        "\n"
        "  -o IMAGE       the file to write, for its owner's eyes only\n"
        "  --check        says what is wrong, and writes nothing\n"
        "  --show         says what is in an image, but no secrets\n"
        "  --size N       the board's room for it in bytes; 8192 if not given\n"
        "  --counter N    the higher one of two images counts; 1 if not given\n"
        "  --after DUMP   what the board has now, A first: the new counter\n"
        "                 is one higher; of two it says which one to write to\n"
        "\n"
        "Exit status: 0 fine, 1 something is wrong, 2 wrong usage.\n"
        "tinymx-provision(1) says more.");
}

/* --- what to do ----------------------------------------------------------- */

static int usage(const char *what, const char *word)
{
    fprintf(stderr, "tinymx-provision: %s%s; --help says how it is used\n",
            what, word);
    return MX_EINVAL;
}

/* The value behind argv[*at], or NULL. */
static const char *value_of(int argc, char *const *argv, int *at)
{
    return *at + 1 < argc ? argv[++*at] : NULL;
}

static int number_of(const char *text, uint32_t most, uint32_t *out)
{
    uint64_t n = 0;
    const char *at = text;

    while (at != NULL && *at >= '0' && *at <= '9' && n <= most) {
        n = n * 10 + (uint64_t)(*at++ - '0');
    }
    if (text == NULL || at == text || *at != '\0' || n > most) {
        return usage("not a number that fits: ", text != NULL ? text : "");
    }
    *out = (uint32_t)n;
    return 0;
}

static int take_after(struct job *job, const char *path)
{
    if (path == NULL || job->after.count == PROVISION_AREAS) {
        return usage(path == NULL ? "--after lacks DUMP" : "too many --after",
                     "");
    }
    job->after.path[job->after.count++] = path;
    return 0;
}

static int take_word(struct job *job, int argc, char *const *argv, int *at)
{
    const char *word = argv[*at];

    if (strcmp(word, "--check") == 0) {
        job->check = true;
    } else if (strcmp(word, "--show") == 0) {
        job->show = true;
    } else if (strcmp(word, "--size") == 0) {
        return number_of(value_of(argc, argv, at), UINT32_MAX, &job->size);
    } else if (strcmp(word, "--counter") == 0) {
        job->counted = true;
        return number_of(value_of(argc, argv, at), UINT32_MAX, &job->counter);
    } else if (strcmp(word, "--after") == 0) {
        return take_after(job, value_of(argc, argv, at));
    } else if (strcmp(word, "-o") == 0) {
        job->out = value_of(argc, argv, at);
        return job->out != NULL ? 0 : usage("-o lacks IMAGE", "");
    } else if (word[0] == '-') {
        return usage("no such option: ", word);
    } else if (job->config != NULL) {
        return usage("too many words: ", word);
    } else {
        job->config = word;
    }
    return 0;
}

static int take_arguments(struct job *job, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        int rc = take_word(job, argc, argv, &i);

        if (rc != 0) {
            return rc;
        }
    }
    if (job->config == NULL) {
        return usage("it lacks a file", "");
    }
    if (job->check + job->show + (job->out != NULL) != 1) {
        return usage("one of -o IMAGE, --check and --show", "");
    }
    return job->after.count == 0 || (job->out != NULL && !job->counted)
               ? 0
               : usage("--after goes with -o IMAGE, and not with --counter",
                       "");
}

/* --- a configuration ------------------------------------------------------- */

static bool is_for_boards(const char *name)
{
    for (size_t i = 0; i < provision_rows_count; i++) {
        if (strcmp(provision_rows[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void say_left_out(const char *path, const struct options *o)
{
    for (size_t i = 0; i < options_count; i++) {
        if (o->source[i] == OPTIONS_FILE &&
            !is_for_boards(options_table[i].name)) {
            fprintf(stderr,
                    "tinymx-provision: %s: note: %s is for the simulator, and "
                    "left out\n",
                    path, options_table[i].name);
        }
    }
}

static int check_address(const struct options *o, char *why)
{
    struct in_addr addr, mask, gateway;

    if (o->gateway == NULL) {
        return 0;
    }
    if (o->address == NULL || strcmp(o->address, "dhcp") == 0) {
        return why_set(why, MX_EINVAL, "gateway needs address = ADDR/BITS");
    }
    if (addr_parse_cidr(&addr, &mask, o->address, why) != 0 ||
        inet_pton(AF_INET, o->gateway, &gateway) != 1 ||
        ((addr.s_addr ^ gateway.s_addr) & mask.s_addr) != 0) {
        return why_set(why, MX_EINVAL,
                       "gateway: %s is no address of the network of %s",
                       o->gateway, o->address);
    }
    return 0;
}

/* What one setting cannot see. */
static int check(const char *path, const struct options *o, char *why)
{
    if (o->mx == NULL) {
        return why_set(why, MX_EINVAL,
                       "mx is missing: the host name in your MX record, for "
                       "instance mx = mx.example.test");
    }
    if ((o->pop3_user == NULL) != (o->pop3_password == NULL)) {
        return why_set(why, MX_EINVAL,
                       "pop3-user and pop3-password go together: tinymx-sim "
                       "--hash-password makes one");
    }
    if (o->wifi_password != NULL && o->wifi_ssid == NULL) {
        return why_set(why, MX_EINVAL,
                       "wifi-password needs wifi-ssid, the name of its "
                       "network");
    }
    if (o->client_ca != NULL) {
        return why_set(why, MX_EINVAL,
                       "client-ca: a board cannot ask for certificates yet, "
                       "and would take mail from everybody");
    }
    if (o->rcpt.len == 0) {
        fprintf(stderr,
                "tinymx-provision: %s: warning: there is no rcpt: mail is "
                "taken for postmaster only\n",
                path);
    }
    return check_address(o, why);
}

static int make(struct provision_image *image, const struct job *job,
                struct options *o, char *why)
{
    static struct provision_identity id;
    int rc;

    say_left_out(job->config, o);
    rc = check(job->config, o, why);
    if (rc == 0) {
        rc = provision_identity_read(&id, o, why);
    }
    if (rc == 0) {
        rc = provision_image_make(image, o, &id, job->counter, why);
    }
    if (rc == 0 && image->len > job->size) {
        rc = why_set(why, MX_E2BIG,
                     "the image has %zu bytes, %zu more than the board's room "
                     "of %lu",
                     image->len, image->len - job->size,
                     (unsigned long)job->size);
    }
    explicit_bzero(&id, sizeof id);
    return rc;
}

static int write_image(const char *path, const struct provision_image *image,
                       char *why)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash != NULL ? strndup(path, (size_t)(slash + 1 - path)) : strdup(".");
    int dir = -1, rc = -1;

    if (folder != NULL) {
        dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (dir >= 0) {
        rc = file_write(dir, slash != NULL ? slash + 1 : path, image->bytes,
                        image->len);
    }
    if (rc != 0) {
        rc = why_set(why, MX_EIO, "cannot write %s: %s", path, strerror(errno));
    }
    if (dir >= 0) {
        close(dir);
    }
    free(folder);
    return rc;
}

/* ./dev provision reads this line. */
static void say_where(const struct provision_after *after)
{
    if (after->count == PROVISION_AREAS) {
        printf("write to: %c\n", after->newest == 0 ? 'B' : 'A');
    }
}

static int provision(struct job *job, char *why)
{
    char reason[MX_POSIX_WHY_MAX] = "";
    static struct provision_image image;
    static struct options o;
    int rc;

    options_init(&o);
    rc = config_file_read(&o, job->config, why);
    if (rc == 0 && job->after.count > 0) {
        rc = provision_after_read(&job->after, &job->counter, why);
    }
    if (rc == 0) {
        rc = make(&image, job, &o, reason);
        if (rc != 0) {
            why_set(why, rc, "%.200s: %.300s", job->config, reason);
        }
    }
    if (rc == 0 && job->out != NULL) {
        rc = write_image(job->out, &image, why);
    }
    if (rc == 0) {
        printf("%s: %zu of %lu bytes\n", job->check ? job->config : job->out,
               image.len, (unsigned long)job->size);
        say_where(&job->after);
    }
    explicit_bzero(&image, sizeof image);
    options_free(&o);
    return rc;
}

static int show(const struct job *job, char *why)
{
    char reason[MX_POSIX_WHY_MAX] = "";
    size_t len;
    char *image = file_read(job->config, 16u * 1024 * 1024, &len);
    int rc;

    if (image == NULL) {
        return why_set(why, MX_EIO, "cannot read %s: %s", job->config,
                       strerror(errno));
    }
    rc = provision_show(image, len, reason);
    if (rc != 0) {
        why_set(why, rc, "%.200s: %.300s", job->config, reason);
    }
    explicit_bzero(image, len);
    free(image);
    return rc;
}

int main(int argc, char **argv)
{
    struct job job = {.size = 8192, .counter = 1};
    char why[MX_POSIX_WHY_MAX] = "";
    int rc;

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        help();
        return FINE;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("tinymx-provision " TINYMX_VERSION);
        return FINE;
    }
    if (take_arguments(&job, argc, argv) != 0) {
        return USAGE;
    }
    rc = mx_tls_arena_init();
    if (rc == 0) {
        rc = job.show ? show(&job, why) : provision(&job, why);
    }
    if (rc == 0 && fflush(stdout) != 0) {
        rc = why_set(why, MX_EIO, "standard output cannot be written");
    }
    if (rc != 0) {
        fprintf(stderr, "tinymx-provision: %s\n",
                why[0] != '\0' ? why : mx_strerror(rc));
    }
    return rc == 0 ? FINE : WRONG;
}
