/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Instructions, by part of the program: for the image tinymx-BOARD-count, which
 * is the product's own object files and this one. Under QEMU's -icount shift=0
 * an instruction takes a nanosecond, and SysTick's counter tells how many have
 * passed, 20 or 40 at a time.
 *
 *     main loop ──► mx_server_poll ──► mx_tls_push ──► mx_port_entropy ...
 *       REST           FIRMWARE           TLS             DRIVER
 *
 * At each arrow, and when it returns, what was executed since the last one is
 * charged to the part that did it. The linker makes the arrows (--wrap): it
 * puts a span in front of the functions of count_spans.h. What a span itself
 * costs is measured when the device starts, and taken off.
 *
 *     count    instructions and calls of each part since the start, modulo 2^32
 */
#include "board.h"
#include "cortexm.h"

#include "tinymx/block.h"
#include "tinymx/console.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define SYST_RVR REG32(0xe000e014)
#define SYST_CVR REG32(0xe000e018)
#define SCB_ICSR REG32(0xe000ed04)
#define ICSR_PENDSTSET (1u << 26)

/* No enum: the assembler has to know them. */
#define REST 0
#define FIRMWARE 1
#define TLS 2
#define NETWORK 3
#define DRIVER 4
#define IDLE 5 /* turns of the server that found nothing to do */
#define PARTS 6

static const char *const names[PARTS] = {
    [FIRMWARE] = "firmware", [TLS] = "tls",   [NETWORK] = "network",
    [DRIVER] = "driver",     [IDLE] = "idle",
};

static struct tally {
    uint32_t spent; /* of SysTick's counter */
    uint32_t calls; /* spans of this part */
    uint32_t cuts;  /* spans of any part that were cut out of it */
} tally[PARTS];

static uint32_t now_in; /* a part */
static uint32_t since;  /* when it began, or was last charged */

/* --- the clock ---------------------------------------------------------- */

static uint32_t ns_per_count;
static uint32_t ticks; /* interrupts of SysTick */

void __real_clock_tick(void);
void __wrap_clock_tick(void);
void __real_clock_start(uint32_t hz);
void __wrap_clock_start(uint32_t hz);

void __wrap_clock_tick(void)
{
    ticks++;
    __real_clock_tick();
}

void __wrap_clock_start(uint32_t hz)
{
    ns_per_count = 1000000000u / hz;
    __real_clock_start(hz);
}

/* Counts since the start. Interrupts are masked: a tick may be due that was not
 * taken yet. The counter goes down, and a period begins at 0. */
static uint32_t now(void)
{
    uint32_t period = SYST_RVR + 1;
    uint32_t left = SYST_CVR;
    uint32_t due = (SCB_ICSR & ICSR_PENDSTSET) != 0;

    if (due != 0) {
        left = SYST_CVR;
    }
    return (ticks + due) * period + (left == 0 ? 0 : period - left);
}

/* --- spans -------------------------------------------------------------- */

uint32_t count_enter(uint32_t part);
void count_leave(uint32_t part);

/* On to the next part. The clock is read twice: what is in between is charged
 * to nobody. */
static uint32_t go(uint32_t part)
{
    uint32_t old = now_in;
    uint32_t masked;

    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(masked)::"memory");
    tally[old].spent += now() - since;
    now_in = part;
    since = now();
    __asm__ volatile("msr primask, %0" ::"r"(masked) : "memory");
    return old;
}

/* Begins a span; the part that it is cut out of. */
uint32_t count_enter(uint32_t part)
{
    uint32_t old = go(part);

    tally[part].calls++;
    tally[old].cuts++;
    return old;
}

void count_leave(uint32_t part)
{
    (void)go(part);
}

/* A span in front of any function: arguments and result pass in r0 to r3. */
__asm__(".macro span name, part\n"
        "    .section .text.__wrap_\\name, \"ax\", %progbits\n"
        "    .global __wrap_\\name\n"
        "    .thumb_func\n"
        "    .type __wrap_\\name, %function\n"
        "__wrap_\\name:\n"
        "    push {r0-r4, lr}\n"
        "    movs r0, #\\part\n"
        "    bl count_enter\n"
        "    mov r4, r0\n"
        "    pop {r0-r3}\n"
        "    bl __real_\\name\n"
        "    push {r0, r1}\n"
        "    mov r0, r4\n"
        "    bl count_leave\n"
        "    pop {r0, r1}\n"
        "    pop {r4, pc}\n"
        ".endm\n");

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define SPAN(name, part) __asm__("span " #name ", " TEXT(part));
#include "count_spans.h"
SPAN(nothing, IDLE)
__asm__(".text");

/* --- what spans cost ---------------------------------------------------- */

#define SAMPLES 1024u

/* A span's own part, and the one that it is cut out of, for so many spans. */
static uint32_t toll_own, toll_cut;

void __real_nothing(void);
void __wrap_nothing(void);

void __real_nothing(void)
{
}

/* At all distances from the last count: what is rounded away would add up. */
static void call_often(void (*function)(void))
{
    for (uint32_t i = 0; i < SAMPLES; i++) {
        function();
        for (volatile uint32_t wait = i % 64; wait > 0; wait--) {
        }
    }
}

/* Without a span, and with one. */
static void calibrate(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
    (void)go(TLS);
    memset(tally, 0, sizeof tally);
    (void)go(NETWORK);
    call_often(__real_nothing);
    (void)go(FIRMWARE);
    call_often(__wrap_nothing);
    (void)go(REST);
    toll_own = tally[IDLE].spent;
    toll_cut = tally[FIRMWARE].spent - tally[NETWORK].spent;
    memset(tally, 0, sizeof tally);
    __asm__ volatile("cpsie i" ::: "memory");
}

static uint32_t instructions(const struct tally *t)
{
    uint64_t toll =
        (uint64_t)t->calls * toll_own + (uint64_t)t->cuts * toll_cut;

    return (t->spent - (uint32_t)(toll / SAMPLES)) * ns_per_count;
}

/* --- the server, which also looks when there is nothing ----------------- */

uint32_t __real_mx_server_poll(struct mx_server *srv);
uint32_t __wrap_mx_server_poll(struct mx_server *srv);

static void was_idle(struct tally before)
{
    tally[IDLE].spent += tally[FIRMWARE].spent - before.spent;
    tally[IDLE].calls += tally[FIRMWARE].calls - before.calls;
    tally[IDLE].cuts += tally[FIRMWARE].cuts - before.cuts;
    tally[FIRMWARE] = before;
}

/* How often it finds nothing depends on the host, and so may not count. */
uint32_t __wrap_mx_server_poll(struct mx_server *srv)
{
    struct tally before = tally[FIRMWARE];
    uint32_t tls = tally[TLS].calls;
    uint32_t old = count_enter(FIRMWARE);
    uint32_t ms = __real_mx_server_poll(srv);

    count_leave(old);
    if (tally[FIRMWARE].calls == before.calls + 1 && tally[TLS].calls == tls) {
        was_idle(before);
    }
    return ms;
}

/* --- the store's device, which is called by its struct ------------------ */

int __real_board_store(struct mx_block **dev);
int __wrap_board_store(struct mx_block **dev);

static struct mx_block driver; /* its own functions */

static int block_read(struct mx_block *dev, uint32_t block, uint32_t off,
                      void *buf, size_t len)
{
    uint32_t old = count_enter(DRIVER);
    int rc = driver.read(dev, block, off, buf, len);

    count_leave(old);
    return rc;
}

static int block_prog(struct mx_block *dev, uint32_t block, uint32_t off,
                      const void *data, size_t len)
{
    uint32_t old = count_enter(DRIVER);
    int rc = driver.prog(dev, block, off, data, len);

    count_leave(old);
    return rc;
}

int __wrap_board_store(struct mx_block **dev)
{
    int rc = __real_board_store(dev);

    if (rc == 0) {
        driver = **dev;
        (*dev)->read = block_read;
        (*dev)->prog = block_prog;
    }
    return rc;
}

/* --- the command -------------------------------------------------------- */

void __real_mx_console_init(struct mx_console *c);
void __wrap_mx_console_init(struct mx_console *c);

static void run_count(struct mx_console *c, const char *args)
{
    (void)args;
    for (size_t i = FIRMWARE; i < PARTS; i++) {
        const struct mx_console_level levels[] = {
            {instructions(&tally[i]), "instructions"},
            {tally[i].calls, "calls"},
        };

        mx_console_levels(c, names[i], levels, COUNT(levels));
    }
}

/* The platform's own commands, and one more. */
void __wrap_mx_console_init(struct mx_console *c)
{
    static struct mx_console_command all[6];
    size_t n = 0;

    for (; n + 2 < COUNT(all) && c->more[n].name != NULL; n++) {
        all[n] = c->more[n];
    }
    all[n] = (struct mx_console_command){
        "count", "instructions by part, under -icount", run_count};
    c->more = all;
    calibrate();
    __real_mx_console_init(c);
}
