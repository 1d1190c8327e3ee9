/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How often each peer came in this minute.
 *
 * The minute is one for all, and everybody starts it with nothing: over its
 * turn a peer can come twice as often as the limit says. When more peers come
 * in it than there are rows, the row of the one that came least is given to the
 * newcomer. So who comes often stays known, however many others come; who is
 * forgotten starts anew, and for it the limits of the sessions are left.
 */
#ifndef TINYMX_SERVER_PEERS_H
#define TINYMX_SERVER_PEERS_H

#include "tinymx/server.h"

enum peers_event { PEERS_CONNECTION, PEERS_HANDSHAKE };

/* One more. False: there were `limit` of them in this minute already; 0xffff is
 * no limit. */
bool peers_allow(struct mx_peers *peers, const struct mx_prefix *who,
                 enum peers_event event, uint16_t limit);

#endif
