// MHD_start_daemon is variadic and MHD's enums import unevenly: both stay behind these wrappers.
#pragma once
#include <microhttpd.h>
#include <stdint.h>

/// One thread a connection, so that a slow or hanging answer holds up nobody else. The daemon owns the socket from here on.
static inline struct MHD_Daemon *_Nullable nabat_mhd_start(
    int listeningSocket, unsigned int connections, unsigned int idleSeconds,
    MHD_AccessHandlerCallback _Nonnull handler, void *_Nonnull context,
    MHD_RequestCompletedCallback _Nonnull completed) {
  return MHD_start_daemon(
      MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL, NULL, handler, context,
      MHD_OPTION_LISTEN_SOCKET, listeningSocket,
      MHD_OPTION_CONNECTION_LIMIT, connections,
      MHD_OPTION_CONNECTION_TIMEOUT, idleSeconds,
      MHD_OPTION_NOTIFY_COMPLETED, completed, (void *)0,
      MHD_OPTION_END);
}
static inline void nabat_mhd_each_header(
    struct MHD_Connection *_Nonnull connection, MHD_KeyValueIterator _Nonnull body, void *_Nonnull context) {
  MHD_get_connection_values(connection, MHD_HEADER_KIND, body, context);
}
static inline void nabat_mhd_each_argument(
    struct MHD_Connection *_Nonnull connection, MHD_KeyValueIterator _Nonnull body, void *_Nonnull context) {
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, body, context);
}
static inline struct MHD_Response *_Nullable nabat_mhd_response_copying(const void *_Nullable bytes, size_t count) {
  return MHD_create_response_from_buffer(count, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}
static inline struct MHD_Response *_Nullable nabat_mhd_response_reading(
    uint64_t size, MHD_ContentReaderCallback _Nonnull reader, void *_Nonnull context,
    MHD_ContentReaderFreeCallback _Nonnull release) {
  return MHD_create_response_from_callback(size, 65536, reader, context, release);
}
static inline ssize_t nabat_mhd_end_with_error(void) { return MHD_CONTENT_READER_END_WITH_ERROR; }
static inline enum MHD_Result nabat_mhd_yes(void) { return MHD_YES; }
static inline enum MHD_Result nabat_mhd_no(void) { return MHD_NO; }
