/* libcurl for Swift. libcurl's setopt and getinfo are variadic, which Swift cannot call: here is one
 * typed function for each kind of argument that is used. The caller pairs option and kind, as libcurl's
 * manual names them. */
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

/* Options of an easy handle, by the kind of their argument. */
CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value);
CURLcode ccurl_set_offset(CURL *easy, CURLoption option, int64_t value);
CURLcode ccurl_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode ccurl_set_headers(CURL *easy, struct curl_slist *lines);
CURLcode ccurl_set_resolve(CURL *easy, struct curl_slist *entries);
/* libcurl takes a copy. */
CURLcode ccurl_set_copied_blob(CURL *easy, CURLoption option, const void *bytes, size_t count);
CURLcode ccurl_set_recipients(CURL *easy, struct curl_slist *addresses);
CURLcode ccurl_set_read(CURL *easy, curl_read_callback callback, void *context);
CURLcode ccurl_set_progress(CURL *easy, curl_xferinfo_callback callback, void *context);
CURLcode ccurl_set_write(CURL *easy, curl_write_callback callback, void *context);
CURLcode ccurl_set_header(CURL *easy, curl_write_callback callback, void *context);
CURLcode ccurl_set_open_socket(CURL *easy, curl_opensocket_callback callback, void *context);
CURLcode ccurl_set_close_socket(CURL *easy, curl_closesocket_callback callback, void *context);
CURLcode ccurl_set_pre_request(CURL *easy, curl_prereq_callback callback, void *context);

/* What is known of a transfer; 0 or NULL where libcurl knows nothing. */
long ccurl_get_long(CURL *easy, CURLINFO info);
int64_t ccurl_get_offset(CURL *easy, CURLINFO info);
void *ccurl_get_private(CURL *easy);

/* Options of a multi handle. */
CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode ccurl_multi_set_socket(CURLM *multi, curl_socket_callback callback, void *context);
CURLMcode ccurl_multi_set_timer(CURLM *multi, curl_multi_timer_callback callback, void *context);

/* Takes the next finished transfer. False when there is none. */
bool ccurl_multi_next_done(CURLM *multi, CURL **easy, CURLcode *result);

/* Copies the IP address in network order: 4 or 16 bytes; answers how many, 0 for another family. */
int ccurl_address_bytes(const struct curl_sockaddr *address, uint8_t bytes[16]);

/* A socket of the address's kind, closed on exec; CURL_SOCKET_BAD when there is none. */
curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address);

/* Writes a host's name with its labels as IDNA's A-labels (RFC 5891), NUL-terminated; names of ASCII come back as they
 * are. False when it is no name, has no A-label, or does not fit. Whatever the process's locale: libcurl reads names in
 * that, so that in the C locale every name beyond ASCII would be refused. */
bool ccurl_ascii_host(const char *utf8, char *buffer, size_t size);

/* Names the calling thread for debuggers; at most 15 bytes. */
void ccurl_name_thread(const char *name);

#endif
