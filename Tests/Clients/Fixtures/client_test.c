/* Tests of libcarillon-client. run.py starts the servers and this; ONLY=group runs one group. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int failed_count;
static int checked_count;

bool expect(bool holds, const char *text, const char *file, int line)
{
  __atomic_add_fetch(&checked_count, 1, __ATOMIC_RELAXED);
  if (holds) return true;
  __atomic_add_fetch(&failed_count, 1, __ATOMIC_RELAXED);
  printf("%s:%d: failed: %s\n", file, line, text);
  return false;
}

bool expect_failure(carillon_failure *failure, carillon_code code, const char *reason, const char *file, int line)
{
  if (!expect(failure != NULL, "there is a failure", file, line)) return false;
  bool holds = failure->code == code && strcmp(failure->reason, reason) == 0;
  if (!expect(holds, "the failure is the right one", file, line))
    printf("  it is %s \"%s\": %s\n", carillon_code_name(failure->code), failure->reason, failure->message);
  carillon_failure_free(failure);
  return holds;
}

static const char *setting(const char *name)
{
  const char *value = getenv(name);
  if (value != NULL) return value;
  fprintf(stderr, "%s is not set: start this with run.py\n", name);
  exit(2);
}

const char *place(const char *name)
{
  static _Thread_local char text[64];
  snprintf(text, sizeof text, "localhost:%s", setting(name));
  return text;
}

char *pem(const char *name)
{
  char path[512];
  snprintf(path, sizeof path, "%s/%s", setting("FOLDER"), name);
  char *text;
  if (carillon_read_file(path, &text, NULL) == CARILLON_CODE_OK) return text;
  fprintf(stderr, "%s cannot be read\n", path);
  exit(2);
}

int64_t now_ms(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int64_t duration)
{
  struct timespec time = {.tv_sec = duration / 1000, .tv_nsec = duration % 1000 * 1000000};
  nanosleep(&time, NULL);
}

int times(int count)
{
  return getenv("SLOW") != NULL ? (count + 19) / 20 : count;
}

carillon_client *client_of(const char *name, const char *certificate)
{
  char file[64];
  char *authority = pem("authority.crt"), *chain = NULL, *key = NULL;
  if (certificate != NULL) {
    snprintf(file, sizeof file, "%s.crt", certificate);
    chain = pem(file);
    snprintf(file, sizeof file, "%s.key", certificate);
    key = pem(file);
  }
  carillon_client_options options = {.struct_size = sizeof options, .address = place(name),
      .authority_pem = authority, .certificate_pem = chain, .key_pem = key};
  carillon_client *client;
  carillon_failure *failure;
  carillon_client_new(&options, &client, &failure);
  if (failure != NULL) printf("%s: %s\n", name, failure->message);
  carillon_failure_free(failure);
  carillon_text_free(authority);
  carillon_text_free(chain);
  carillon_text_free(key);
  return client;
}

bool get_queue(carillon_client *client, const char *name, int64_t deadline_ms, carillon_failure **failure)
{
  Carillon__V1__GetQueueRequest request = CARILLON__V1__GET_QUEUE_REQUEST__INIT;
  request.name = name;
  Carillon__V1__Queue *queue;
  if (carillon_queues_get_queue(client, &request, deadline_ms, &queue, failure) != CARILLON_CODE_OK) return false;
  bool is_it = strcmp(queue->name, name) == 0;
  carillon__v1__queue__free_unpacked(queue, NULL);
  return is_it;
}

int main(void)
{
  static const struct {
    const char *name;
    void (*run)(void);
  } groups[] = {
      {"units", test_units},       {"options", test_options}, {"calls", test_calls},
      {"failures", test_failures}, {"security", test_security}, {"limits", test_limits},
      {"streams", test_streams},   {"imports", test_imports}, {"threads", test_threads},
      {"methods", test_every_method},
  };
  const char *only = getenv("ONLY");
  for (size_t at = 0; at < sizeof groups / sizeof groups[0]; at++) {
    if (only != NULL && *only != '\0' && strcmp(only, groups[at].name) != 0) continue;
    int before = failed_count, checked = checked_count;
    int64_t start = now_ms();
    groups[at].run();
    printf("%-8s %s, %d checks, %lld ms\n", groups[at].name, failed_count == before ? "passed" : "FAILED",
           checked_count - checked, (long long)(now_ms() - start));
    fflush(stdout);
  }
  printf("%d checks, %d failed\n", checked_count, failed_count);
  return failed_count == 0 ? 0 : 1;
}
