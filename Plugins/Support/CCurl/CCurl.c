#define _GNU_SOURCE
#include "CCurl.h"

#include <locale.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* The names in parentheses are the functions: libcurl also has macros of that name, which cannot check an option
 * that is no constant. */

CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) { return (curl_easy_setopt)(easy, option, value); }

CURLcode ccurl_set_offset(CURL *easy, CURLoption option, int64_t value) {
  return (curl_easy_setopt)(easy, option, (curl_off_t)value);
}

CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value) {
  return (curl_easy_setopt)(easy, option, value);
}

CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value) {
  return (curl_easy_setopt)(easy, option, value);
}

CURLcode ccurl_set_headers(CURL *easy, struct curl_slist *lines) {
  return (curl_easy_setopt)(easy, CURLOPT_HTTPHEADER, lines);
}

CURLcode ccurl_set_resolve(CURL *easy, struct curl_slist *entries) {
  return (curl_easy_setopt)(easy, CURLOPT_RESOLVE, entries);
}

CURLcode ccurl_set_copied_blob(CURL *easy, CURLoption option, const void *bytes, size_t count) {
  struct curl_blob blob = {.data = (void *)bytes, .len = count, .flags = CURL_BLOB_COPY};
  return (curl_easy_setopt)(easy, option, &blob);
}

CURLcode ccurl_set_recipients(CURL *easy, struct curl_slist *addresses) {
  return (curl_easy_setopt)(easy, CURLOPT_MAIL_RCPT, addresses);
}

CURLcode ccurl_set_read(CURL *easy, curl_read_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_READFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_READDATA, context);
}

CURLcode ccurl_set_progress(CURL *easy, curl_xferinfo_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_XFERINFOFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_XFERINFODATA, context);
}

CURLcode ccurl_set_write(CURL *easy, curl_write_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_WRITEFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_WRITEDATA, context);
}

CURLcode ccurl_set_header(CURL *easy, curl_write_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_HEADERFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_HEADERDATA, context);
}

CURLcode ccurl_set_open_socket(CURL *easy, curl_opensocket_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, context);
}

CURLcode ccurl_set_close_socket(CURL *easy, curl_closesocket_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_CLOSESOCKETDATA, context);
}

CURLcode ccurl_set_pre_request(CURL *easy, curl_prereq_callback callback, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, callback);
  return code != CURLE_OK ? code : (curl_easy_setopt)(easy, CURLOPT_PREREQDATA, context);
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  return (curl_easy_getinfo)(easy, info, &value) == CURLE_OK ? value : 0;
}

int64_t ccurl_get_offset(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return (curl_easy_getinfo)(easy, info, &value) == CURLE_OK ? (int64_t)value : 0;
}

void *ccurl_get_private(CURL *easy) {
  char *value = NULL;
  return (curl_easy_getinfo)(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}

CURLMcode ccurl_multi_set_socket(CURLM *multi, curl_socket_callback callback, void *context) {
  CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, callback);
  return code != CURLM_OK ? code : (curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, context);
}

CURLMcode ccurl_multi_set_timer(CURLM *multi, curl_multi_timer_callback callback, void *context) {
  CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, callback);
  return code != CURLM_OK ? code : (curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, context);
}

bool ccurl_multi_next_done(CURLM *multi, CURL **easy, CURLcode *result) {
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
    if (message->msg != CURLMSG_DONE) continue;
    *easy = message->easy_handle;
    *result = message->data.result;
    return true;
  }
  return false;
}

int ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t bytes[16]) {
  if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
    memcpy(bytes, (const char *)&address->addr + offsetof(struct sockaddr_in, sin_addr), 4);
    return 4;
  }
  if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
    /* libcurl keeps room for every family behind `addr`, whatever that member's type. */
    memcpy(bytes, (const char *)&address->addr + offsetof(struct sockaddr_in6, sin6_addr), 16);
    return 16;
  }
  return 0;
}

curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static bool punycode(const char *utf8, char *buffer, size_t size) {
  CURLU *url = curl_url();
  if (url == NULL) return false;
  char *host = NULL;
  bool fits = false;
  if (curl_url_set(url, CURLUPART_SCHEME, "smtp", 0) == CURLUE_OK &&
      curl_url_set(url, CURLUPART_HOST, utf8, 0) == CURLUE_OK &&
      curl_url_get(url, CURLUPART_HOST, &host, CURLU_PUNYCODE) == CURLUE_OK) {
    fits = strlen(host) < size;
    if (fits) strcpy(buffer, host);
  }
  curl_free(host);
  curl_url_cleanup(url);
  return fits;
}

bool ccurl_ascii_host(const char *utf8, char *buffer, size_t size) {
  locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  if (locale == (locale_t)0) return false;
  locale_t before = uselocale(locale);
  bool fits = punycode(utf8, buffer, size);
  uselocale(before);
  freelocale(locale);
  return fits;
}

void ccurl_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
