/* SPDX-License-Identifier: BSD-3-Clause */
/* What the engine last said, when its text does not matter. See said.c. */
#ifndef TINYMX_PROOF_SAID_H
#define TINYMX_PROOF_SAID_H

#include "proof.h"
#include "smtp/reply.h"

extern enum smtp_reply said;

#endif
