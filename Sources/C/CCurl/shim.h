// libcurl's setters and getters are variadic, which Swift cannot call: one typed wrapper for each argument kind.
#pragma once
#include <curl/curl.h>

typedef size_t (*nabat_curl_write)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
typedef curl_socket_t (*nabat_curl_open)(
    void *_Nullable context, curlsocktype purpose, struct curl_sockaddr *_Nullable address);

static inline CURLcode nabat_curl_set_long(CURL *_Nonnull easy, CURLoption option, long value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode nabat_curl_set_offset(CURL *_Nonnull easy, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode nabat_curl_set_text(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode nabat_curl_set_pointer(CURL *_Nonnull easy, CURLoption option, void *_Nullable value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode nabat_curl_set_headers(CURL *_Nonnull easy, struct curl_slist *_Nullable headers) {
  return (curl_easy_setopt)(easy, CURLOPT_HTTPHEADER, headers);
}
static inline CURLcode nabat_curl_set_recipients(CURL *_Nonnull easy, struct curl_slist *_Nullable addresses) {
  return (curl_easy_setopt)(easy, CURLOPT_MAIL_RCPT, addresses);
}
typedef int (*nabat_curl_progress)(
    void *_Nullable context, curl_off_t total, curl_off_t now, curl_off_t upload_total, curl_off_t uploaded);
/// A function that gives the bytes to send, and one that is asked now and then whether to go on (0).
static inline CURLcode nabat_curl_set_upload(
    CURL *_Nonnull easy, void *_Nonnull context, nabat_curl_write _Nonnull read, curl_off_t count,
    nabat_curl_progress _Nonnull progress, nabat_curl_open _Nonnull open) {
  CURLcode code = CURLE_OK;
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_UPLOAD, 1L);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_INFILESIZE_LARGE, count);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_READFUNCTION, read);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_READDATA, context);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_NOPROGRESS, 0L);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_XFERINFOFUNCTION, progress);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_XFERINFODATA, context);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, open);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, context);
  return code;
}
/// The bytes are copied by libcurl.
static inline CURLcode nabat_curl_set_body(CURL *_Nonnull easy, const void *_Nullable bytes, curl_off_t count) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_POSTFIELDSIZE_LARGE, count);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_COPYPOSTFIELDS, count ? bytes : "");
}
/// One context for the body, the header lines and the sockets.
static inline CURLcode nabat_curl_set_callbacks(
    CURL *_Nonnull easy, void *_Nonnull context, nabat_curl_write _Nonnull body, nabat_curl_write _Nonnull header,
    nabat_curl_open _Nonnull open) {
  CURLcode code = CURLE_OK;
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_WRITEFUNCTION, body);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_WRITEDATA, context);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_HEADERFUNCTION, header);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_HEADERDATA, context);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, open);
  if (code == CURLE_OK) code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, context);
  return code;
}
static inline long nabat_curl_get_long(CURL *_Nonnull easy, CURLINFO info) {
  long value = 0;
  (curl_easy_getinfo)(easy, info, &value);
  return value;
}
static inline curl_off_t nabat_curl_get_offset(CURL *_Nonnull easy, CURLINFO info) {
  curl_off_t value = 0;
  (curl_easy_getinfo)(easy, info, &value);
  return value;
}
/// Owned by the handle, valid until its next transfer.
static inline const char *_Nullable nabat_curl_get_text(CURL *_Nonnull easy, CURLINFO info) {
  char *value = NULL;
  (curl_easy_getinfo)(easy, info, &value);
  return value;
}
static inline CURLMcode nabat_curl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}
/// The next transfer that ended, or NULL.
static inline CURL *_Nullable nabat_curl_next_done(CURLM *_Nonnull multi, CURLcode *_Nonnull result) {
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
    if (message->msg == CURLMSG_DONE) {
      *result = message->data.result;
      return message->easy_handle;
    }
  }
  return NULL;
}
static inline curl_socket_t nabat_curl_bad_socket(void) { return CURL_SOCKET_BAD; }
