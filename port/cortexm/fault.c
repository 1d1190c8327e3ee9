/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end: a fault of the core, or an assertion. Both say what happened on the
 * UART, without interrupts and with a fresh stack, leave a note for the next
 * life, and reset. Under the emulator's word "exit-on-fatal" they end it with
 * status 134 (abort's) instead: a test must not see a crash as a short break.
 */
#include "cortexm.h"

#include "board.h"
#include "tinymx/port.h"
#include "util/fmt.h"

#include <string.h>

#define AIRCR REG32(0xe000ed0c)
#define AIRCR_RESET 0x05fa0004u
#define CFSR REG32(0xe000ed28)
#define HFSR REG32(0xe000ed2c)
#define MMFAR REG32(0xe000ed34)
#define BFAR REG32(0xe000ed38)

#define NOTE_MAGIC 0x6e6f7465u
#define NOTE_MAX 72
#define STATUS_ABORTED 134

extern uint32_t stack_bottom[]; /* of the linker script */

void fault_entry(void);
_Noreturn void fault_report(const uint32_t *frame, uint32_t exc_return);

/* In memory that a reset leaves alone. */
static struct {
    uint32_t magic;
    char text[NOTE_MAX];
} note __attribute__((section(".noinit")));

/* After power-on it is anything. */
void fault_start(void)
{
    if (note.magic != NOTE_MAGIC) {
        note.text[0] = '\0';
    }
    note.magic = 0;
    note.text[NOTE_MAX - 1] = '\0';
}

const char *fault_last(void)
{
    return note.text[0] != '\0' ? note.text : NULL;
}

static void put(const char *text)
{
    for (; *text != '\0'; text++) {
        board_putc(*text);
    }
}

static void put_hex(const char *name, uint32_t value)
{
    char text[12];
    struct fmt f;

    fmt_init(&f, text, sizeof text);
    fmt_hex(&f, value, 8);
    put(name);
    put(text);
}

static _Noreturn void reset(void)
{
    put("\r\n");
    if (semihost_told("exit-on-fatal")) {
        semihost_exit(STATUS_ABORTED);
    }
    __asm__ volatile("dsb" ::: "memory");
    AIRCR = AIRCR_RESET;
    for (;;) {
    }
}

/* ARMv7-M B1.5.6: what the core stacked. */
_Noreturn void fault_report(const uint32_t *frame, uint32_t exc_return)
{
    static const char *const names[] = {
        " r0=", " r1=", " r2=", " r3=", " r12=", " lr=", " pc=", " xpsr="};
    struct fmt f;

    put("\r\nevent=fatal fault=");
    put_hex("", REG32(0xe000ed04) & 0x1ff); /* ICSR.VECTACTIVE */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put_hex(names[i], frame[i]);
    }
    put_hex(" sp=", (uint32_t)(uintptr_t)frame);
    put_hex(" exc_return=", exc_return);
    put_hex(" cfsr=", CFSR);
    put_hex(" hfsr=", HFSR);
    put_hex(" mmfar=", MMFAR);
    put_hex(" bfar=", BFAR);
    fmt_init(&f, note.text, sizeof note.text);
    fmt_str(&f, frame < stack_bottom ? "stack overflow, " : "");
    fmt_str(&f, "fault at ");
    fmt_hex(&f, frame[6], 8);
    note.magic = NOTE_MAGIC;
    reset();
}

/* The stack may be what is broken: the handler gets all of it, from the top. */
__attribute__((naked)) void fault_entry(void)
{
    __asm__ volatile("cpsid i\n\t"
                     "mov r1, lr\n\t"
                     "mov r0, sp\n\t"
                     "ldr r2, =stack_top - 512\n\t"
                     "mov sp, r2\n\t"
                     "b fault_report\n\t"
                     ".ltorg");
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

_Noreturn void mx_port_fatal(const char *file, int line, const char *what)
{
    struct fmt f;

    __asm__ volatile("cpsid i" ::: "memory");
    fmt_init(&f, note.text, sizeof note.text);
    fmt_str(&f, base_name(file));
    fmt_char(&f, ':');
    fmt_u32(&f, (uint32_t)line);
    fmt_str(&f, ": ");
    fmt_str(&f, what);
    note.magic = NOTE_MAGIC;
    put("\r\nevent=fatal assertion=\"");
    put(note.text);
    put("\"");
    reset();
}
