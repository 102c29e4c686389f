#include "config.h"

static carillon_status read_integer(carillon_str document, const char *pointer, int64_t otherwise, int64_t *value,
                                    carillon_error *error) {
  carillon_json found = {.struct_size = sizeof found};
  carillon_status status = json->get(json->context, document, str(pointer), &found, error);
  *value = status == CARILLON_OK ? found.integer : otherwise;
  return status == CARILLON_NOT_FOUND ? CARILLON_OK : status;
}

carillon_status config_read(carillon_str config, rules *to, carillon_error *error) {
  buffer into = {to->directory, sizeof to->directory, 0};
  int64_t bytes, files, sync;
  carillon_status status = json->text(json->context, config, str("/directory"), buffer_take, &into, error);
  if (status == CARILLON_OK) status = read_integer(config, "/max_bytes", 64 * 1024 * 1024, &bytes, error);
  if (status == CARILLON_OK) status = read_integer(config, "/max_age_seconds", 86400, &to->max_age_seconds, error);
  if (status == CARILLON_OK) status = read_integer(config, "/keep_files", 0, &files, error);
  if (status == CARILLON_OK) status = read_integer(config, "/sync", 1, &sync, error);
  if (status != CARILLON_OK) return status;
  if (into.is_cut || strlen(to->directory) == 0) {
    host->violation(error, str("/directory"), str("path"), str("is no path that can be used"));
    return CARILLON_INVALID;
  }
  to->max_bytes = (uint64_t)bytes;
  to->keep_files = (uint64_t)files;
  to->sync = sync != 0;
  return CARILLON_OK;
}
