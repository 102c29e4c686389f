#define _GNU_SOURCE
#include "bare_loop.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_AT_ONCE = 256 };

typedef struct slot {
  CURL *easy;
  struct curl_slist *headers;
} slot;

typedef struct loop {
  bare_loop_run *run;
  CURLM *multi;
  slot *slots;
  int epoll;
  long timer_ms;
  uint32_t started;
  uint32_t ended;
} loop;

static double now_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int stop(loop *l, const char *what, const char *why) {
  snprintf(l->run->error, sizeof l->run->error, "%s: %s", what, why);
  return -1;
}

static size_t discard(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes;
  (void)context;
  return size * count;
}

static int watch(CURL *easy, curl_socket_t descriptor, int what, void *context, void *known) {
  loop *l = context;
  struct epoll_event event = {.data.fd = descriptor};
  (void)easy;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(l->epoll, EPOLL_CTL_DEL, descriptor, NULL);
    return 0;
  }
  event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
  if (epoll_ctl(l->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, descriptor, &event) < 0) return -1;
  curl_multi_assign(l->multi, descriptor, l);
  return 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *context) {
  (void)multi;
  ((loop *)context)->timer_ms = timeout_ms;
  return 0;
}

/* Gives a slot its next request; its headers are made anew, as every webhook has an id of its own. */
static int begin(loop *l, slot *s) {
  char id[64];
  struct curl_slist *headers = NULL;
  for (size_t i = 0; i < l->run->header_count; i++) headers = curl_slist_append(headers, l->run->headers[i]);
  snprintf(id, sizeof id, "webhook-id: bare_%u", l->started);
  headers = curl_slist_append(headers, id);
  if (!headers) return stop(l, "headers", "no memory");
  curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, headers);
  curl_slist_free_all(s->headers);
  s->headers = headers;
  l->started++;
  return curl_multi_add_handle(l->multi, s->easy) == CURLM_OK ? 0 : stop(l, "curl_multi_add_handle", "refused");
}

static int prepare(loop *l, slot *s) {
  s->easy = curl_easy_init();
  if (!s->easy) return stop(l, "curl_easy_init", "no memory");
  curl_easy_setopt(s->easy, CURLOPT_URL, l->run->url);
  curl_easy_setopt(s->easy, CURLOPT_PROXY, "");
  curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(s->easy, CURLOPT_POST, 1L);
  curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, l->run->body);
  curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE, (long)l->run->body_bytes);
  curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, discard);
  curl_easy_setopt(s->easy, CURLOPT_PRIVATE, s);
  return begin(l, s);
}

static int reap(loop *l) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(l->multi, &left))) {
    long status = 0;
    slot *s = NULL;
    if (message->msg != CURLMSG_DONE) continue;
    if (message->data.result != CURLE_OK) return stop(l, "request", curl_easy_strerror(message->data.result));
    curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&s);
    l->run->succeeded += status >= 200 && status < 300;
    l->ended++;
    curl_multi_remove_handle(l->multi, message->easy_handle);
    if (l->started < l->run->requests && begin(l, s) < 0) return -1;
  }
  return 0;
}

static int turn(loop *l) {
  struct epoll_event events[EVENTS_AT_ONCE];
  int running = 0;
  int wait = l->timer_ms < 0 || l->timer_ms > 1000 ? 1000 : (int)l->timer_ms;
  int count = epoll_wait(l->epoll, events, EVENTS_AT_ONCE, wait);
  if (count < 0 && errno != EINTR) return stop(l, "epoll_wait", strerror(errno));
  if (count <= 0) {
    curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  for (int i = 0; i < count; i++) {
    int flags = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(l->multi, events[i].data.fd, flags, &running);
  }
  return reap(l);
}

static int drive(loop *l) {
  uint32_t slots = l->run->in_flight < l->run->requests ? l->run->in_flight : l->run->requests;
  double start = now_seconds();
  curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, watch);
  curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l);
  curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, set_timer);
  curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l);
  curl_multi_setopt(l->multi, CURLMOPT_MAXCONNECTS, (long)slots);
  for (uint32_t i = 0; i < slots; i++) {
    if (prepare(l, &l->slots[i]) < 0) return -1;
  }
  while (l->ended < l->run->requests) {
    if (turn(l) < 0) return -1;
    if ((now_seconds() - start) * 1000 > l->run->timeout_ms) return stop(l, "run", "not done in time");
  }
  l->run->seconds = now_seconds() - start;
  return 0;
}

int bare_loop(bare_loop_run *run) {
  loop l = {.run = run, .timer_ms = -1};
  int status;
  run->seconds = 0;
  run->succeeded = 0;
  run->error[0] = 0;
  l.slots = calloc(run->in_flight ? run->in_flight : 1, sizeof *l.slots);
  l.epoll = epoll_create1(EPOLL_CLOEXEC);
  l.multi = curl_multi_init();
  status = l.slots && l.epoll >= 0 && l.multi ? drive(&l) : stop(&l, "start", "no memory or descriptors");
  for (uint32_t i = 0; l.slots && i < run->in_flight; i++) {
    if (!l.slots[i].easy) continue;
    curl_multi_remove_handle(l.multi, l.slots[i].easy);
    curl_easy_cleanup(l.slots[i].easy);
    curl_slist_free_all(l.slots[i].headers);
  }
  if (l.multi) curl_multi_cleanup(l.multi);
  if (l.epoll >= 0) close(l.epoll);
  free(l.slots);
  return status;
}
