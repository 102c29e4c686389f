/* __NAME__: a sink in C. It appends each message to a file, as a line of JSON:
 *
 *   {"path": "/var/lib/__NAME__/messages.jsonl", "max_bytes": 10485760}
 *
 * `deliver` writes and completes before it returns, so that nothing is under way between two calls: there is nothing
 * to cancel, to wait for or to clean up. README.md says when that is not enough. */
#define _POSIX_C_SOURCE 200809L
#include <carillon/carillon.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, DETAIL_BYTES = 256, RECEIPT_BYTES = 24 };
static const int64_t MAX_BYTES_USUAL = 10 * 1024 * 1024;

enum {
  manifest_bytes = sizeof(
#include "manifest.inc"
  )
};
CARILLON_MANIFEST_BEGIN(static, manifest, manifest_bytes)
#include "manifest.inc"
CARILLON_MANIFEST_END;

static const carillon_host *host;
static const carillon_host_delivery_1 *delivery;
static const carillon_host_json_1 *json;
static const carillon_host_log_1 *logger; /* NULL when the agent has none */

static carillon_str str(const char *text) { return (carillon_str){text, strlen(text)}; }

/* ---- The configuration. The host has checked it against the schema already. ---- */

struct carillon_instance {
  char path[PATH_BYTES];
  int64_t max_bytes;
};

static carillon_status refuse_path(carillon_error *error, const char *code, const char *message) {
  host->violation(error, str("/path"), str(code), str(message));
  return CARILLON_INVALID;
}

struct path_reader {
  char *path;
  const char *fault; /* NULL while there is none */
};

static void take_path(void *context, carillon_str text) {
  struct path_reader *reader = context;
  if (text.len == 0) reader->fault = "is empty; it must be an absolute path";
  else if (text.len >= PATH_BYTES) reader->fault = "has more than 4095 bytes";
  else if (memchr(text.ptr, '\0', text.len) != NULL) reader->fault = "has a NUL in it";
  else if (text.ptr[text.len - 1] == '/') reader->fault = "names a folder; it must name a file";
  else memcpy(reader->path, text.ptr, text.len);
}

static carillon_status read_configuration(carillon_str document, carillon_instance *to, carillon_error *error) {
  struct path_reader reader = {to->path, NULL};
  carillon_status status = json->text(json->context, document, str("/path"), take_path, &reader, error);
  if (status != CARILLON_OK) return status;
  if (reader.fault != NULL) return refuse_path(error, "path", reader.fault);
  carillon_json most = {.struct_size = sizeof most};
  status = json->get(json->context, document, str("/max_bytes"), &most, error);
  to->max_bytes = status == CARILLON_OK ? (int64_t)most.number : MAX_BYTES_USUAL;
  return status == CARILLON_NOT_FOUND ? CARILLON_OK : status;
}

/* ---- The file. ---- */

struct file {
  int descriptor;
  off_t end; /* where the next line goes */
};

static carillon_status fail(carillon_error *error, const carillon_instance *sink, int code) {
  char text[PATH_BYTES + DETAIL_BYTES];
  snprintf(text, sizeof text, "%s: %s", sink->path, strerror(code));
  host->fail(error, CARILLON_FAILED, str(text));
  return CARILLON_FAILED;
}

/* Opened for each batch, so that the file may be moved away (logrotate) at any time. */
static carillon_status open_file(const carillon_instance *sink, struct file *file, carillon_error *error) {
  int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  file->descriptor = open(sink->path, flags, S_IRUSR | S_IWUSR);
  if (file->descriptor < 0) return fail(error, sink, errno);
  struct stat status;
  int code = fstat(file->descriptor, &status) != 0 ? errno : S_ISREG(status.st_mode) ? 0 : EINVAL;
  if (code != 0) {
    close(file->descriptor);
    return fail(error, sink, code);
  }
  file->end = status.st_size;
  return CARILLON_OK;
}

/* All of it or nothing: half a line would spoil the next one. Answers 0, or errno. */
static int append(struct file *file, const char *bytes, size_t count) {
  size_t done = 0;
  while (done < count) {
    ssize_t written = write(file->descriptor, bytes + done, count - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int code = written < 0 ? errno : EIO;
      if (done > 0 && ftruncate(file->descriptor, file->end) != 0) code = errno;
      return code;
    }
    done += (size_t)written;
  }
  file->end += (off_t)count;
  return 0;
}

/* ---- A line. ---- */

struct line {
  char *bytes;
  size_t count, room;
  int is_lost; /* there was no memory for all of it */
};

static void add(void *context, carillon_str text) {
  struct line *line = context;
  if (line->is_lost || text.len == 0) return;
  if (line->room - line->count < text.len) {
    size_t room = (line->count + text.len) * 2;
    char *bytes = realloc(line->bytes, room);
    if (bytes == NULL) {
      line->is_lost = 1;
      return;
    }
    line->bytes = bytes;
    line->room = room;
  }
  memcpy(line->bytes + line->count, text.ptr, text.len);
  line->count += text.len;
}

static void add_member(struct line *line, const char *name, carillon_str value) {
  add(line, str(line->count == 0 ? "{\"" : ",\""));
  add(line, str(name));
  add(line, str("\":"));
  if (json->quote(json->context, value, add, line) != CARILLON_OK) add(line, str("null"));
}

/* The key is the same on every attempt: who reads the file can tell a line that came twice. */
static void write_line(struct line *line, const carillon_delivery *one) {
  line->count = 0;
  add_member(line, "key", one->idempotency_key);
  add_member(line, "type", one->event->type);
  add_member(line, "title", one->message->title);
  add_member(line, "text", one->message->text);
  add(line, str("}\n"));
}

/* ---- Delivering. ---- */

struct attempt {
  carillon_result result;
  char detail[DETAIL_BYTES], receipt[RECEIPT_BYTES];
};

static void end(struct attempt *attempt, int32_t outcome, const char *code, const char *detail) {
  snprintf(attempt->detail, sizeof attempt->detail, "%s", detail);
  attempt->result.outcome = outcome;
  attempt->result.code = str(code);
  attempt->result.detail = str(attempt->detail);
}

static void deliver_one(const carillon_instance *sink, struct file *file, struct line *line,
                        const carillon_delivery *one, struct attempt *attempt) {
  attempt->result.struct_size = sizeof attempt->result;
  write_line(line, one);
  if (line->is_lost) {
    line->is_lost = 0;
    end(attempt, CARILLON_RETRY, "no-memory", "there is no memory for the line");
  } else if ((int64_t)line->count > sink->max_bytes - file->end) {
    end(attempt, CARILLON_RETRY, "file-full", "the file has reached max_bytes; move it away");
  } else {
    snprintf(attempt->receipt, sizeof attempt->receipt, "byte %lld", (long long)file->end);
    int code = append(file, line->bytes, line->count);
    if (code != 0) {
      end(attempt, CARILLON_RETRY, "write-failed", strerror(code));
    } else {
      attempt->result.outcome = CARILLON_DELIVERED;
      attempt->result.receipt = str(attempt->receipt);
    }
  }
}

/* What was written and perhaps never reached the disk is neither delivered nor certain to be missing. */
static void sync_file(struct file *file, struct attempt *attempts, size_t count) {
  if (fdatasync(file->descriptor) == 0) return;
  int code = errno;
  for (size_t i = 0; i < count; i++) {
    if (attempts[i].result.outcome != CARILLON_DELIVERED) continue;
    end(&attempts[i], CARILLON_UNKNOWN, "sync-failed", strerror(code));
  }
}

static carillon_status deliver(carillon_instance *sink, const carillon_delivery *const *deliveries, size_t count,
                               carillon_error *error) {
  struct file file;
  if (count == 0) return CARILLON_OK;
  carillon_status status = open_file(sink, &file, error);
  if (status != CARILLON_OK) return status; /* none was taken */
  struct attempt *attempts = calloc(count, sizeof *attempts);
  carillon_ticket *tickets = calloc(count, sizeof *tickets);
  const carillon_result **results = calloc(count, sizeof *results);
  if (attempts == NULL || tickets == NULL || results == NULL) {
    status = CARILLON_BUSY;
  } else {
    struct line line = {0};
    for (size_t i = 0; i < count; i++) {
      tickets[i] = deliveries[i]->ticket;
      results[i] = &attempts[i].result;
      deliver_one(sink, &file, &line, deliveries[i], &attempts[i]);
    }
    sync_file(&file, attempts, count);
    delivery->complete(delivery->context, tickets, results, count);
    free(line.bytes);
  }
  close(file.descriptor);
  free(attempts);
  free(tickets);
  free(results);
  return status;
}

/* ---- The rest of the interface. ---- */

static carillon_status create(carillon_str name, carillon_str config, carillon_instance **instance,
                              carillon_error *error) {
  (void)name;
  carillon_instance *made = calloc(1, sizeof *made);
  if (made == NULL) return CARILLON_FAILED;
  carillon_status status = read_configuration(config, made, error);
  if (status == CARILLON_OK) *instance = made;
  else free(made);
  return status;
}

/* Better an error now than at the first delivery. */
static carillon_status activate(carillon_instance *sink, carillon_error *error) {
  struct file file;
  carillon_status status = open_file(sink, &file, error);
  if (status != CARILLON_OK) return status;
  close(file.descriptor);
  if (logger != NULL) logger->write(logger->context, CARILLON_LOG_INFO, str(""), str("the file can be written"));
  return CARILLON_OK;
}

static void cancel(carillon_instance *sink, const carillon_ticket *tickets, size_t count) {
  (void)sink, (void)tickets, (void)count; /* `deliver` ends each ticket soon, as it ends */
}

static carillon_status drain(carillon_instance *sink, uint64_t timeout_ms) {
  (void)sink, (void)timeout_ms; /* nothing is under way: calls do not overlap */
  return CARILLON_OK;
}

static void deactivate(carillon_instance *sink) { (void)sink; }

static void destroy(carillon_instance *sink) { free(sink); }

static const carillon_sink_1 sink_table = {
  .struct_size = sizeof sink_table,
  .thread_model = CARILLON_SERIAL,
  .create = create,
  .activate = activate,
  .deliver = deliver,
  .cancel = cancel,
  .drain = drain,
  .deactivate = deactivate,
  .destroy = destroy,
};

/* ---- The entry. ---- */

static carillon_status start(const carillon_host *given, carillon_error *error) {
  host = given;
  delivery = host->interface(host->context, CARILLON_HOST_DELIVERY_1);
  json = host->interface(host->context, CARILLON_HOST_JSON_1);
  logger = host->interface(host->context, CARILLON_HOST_LOG_1);
  if (delivery != NULL && json != NULL) return CARILLON_OK;
  host->fail(error, CARILLON_UNSUPPORTED, str("this agent lacks an interface that the manifest requires"));
  return CARILLON_UNSUPPORTED;
}

static void stop(void) {}

static const void *interface(const char *id) { return strcmp(id, CARILLON_SINK_1) == 0 ? &sink_table : NULL; }

static const carillon_plugin plugin = {
  .struct_size = sizeof plugin,
  .abi_major = CARILLON_ABI_MAJOR,
  .abi_minor = CARILLON_ABI_MINOR,
  .manifest_json = manifest.json,
  .start = start,
  .stop = stop,
  .interface = interface,
};

const carillon_plugin *carillon_plugin_v1(void) { return &plugin; }
