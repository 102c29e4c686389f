#include "sink.hpp"
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace journal {

namespace {

constexpr int64_t second_ns = 1'000'000'000;
// How long one batch waits at most for a journal that is busy.
constexpr int64_t patience_ns = 2 * second_ns;
// So long before a delivery's deadline its answer must be on the way.
constexpr int64_t margin_ns = second_ns / 5;

int priority_of(std::string_view word) {
  constexpr std::array<std::string_view, 8> words{"emerg",   "alert",  "crit", "err",
                                                  "warning", "notice", "info", "debug"};
  auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) throw Failure(CARILLON_INVALID, "there is no such priority");
  return static_cast<int>(found - words.begin());
}

std::string local_time(const carillon_civil &civil) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(civil.year), civil.month,
                civil.day, civil.hour, civil.minute, civil.second);
  return text.data();
}

// The title, and below it the text, unless it says the same.
std::string words_of(const carillon_message &message) {
  std::string words{view(message.title)};
  auto text = view(message.text);
  if (text.empty() || text == words) return words;
  if (!words.empty()) words += '\n';
  return words.append(text);
}

void complete(carillon_ticket ticket, int error) {
  carillon_result result{};
  result.struct_size = sizeof result;
  result.outcome = error == 0 ? CARILLON_DELIVERED : CARILLON_RETRY;
  result.code = str(error == 0 ? "sent" : error == ETIMEDOUT ? "journal-busy" : error == ENOMEM ? "memory" : "journal");
  if (error != 0) result.detail = str(std::strerror(error));
  const carillon_result *results[] = {&result};
  // STALE: the host has given it up meanwhile.
  (void)host.delivery->complete(host.delivery->context, &ticket, results, 1);
}

} // namespace

Configuration::Configuration(std::string_view document) {
  if (auto text = text_at(document, "/socket")) socket = *text;
  if (auto text = text_at(document, "/identifier")) identifier = *text;
  if (auto text = text_at(document, "/priority")) priority = priority_of(*text);
  uint64_t count = count_at(document, "/fields");
  for (uint64_t index = 0; index < count; index++) {
    auto name = name_at(document, "/fields", index);
    auto value = text_at(document, "/fields/" + name);
    fields.emplace_back(std::move(name), value.value_or(""));
  }
}

void Sink::activate() {
  int error = socket_.connect();
  if (error == 0) return;
  std::string line = "no journal yet at " + configuration_.socket + ": " + std::strerror(error);
  host.log->write(host.log->context, CARILLON_LOG_WARNING, str(name_), str(line));
}

Entry Sink::entry(const carillon_delivery &delivery) const {
  const carillon_event &event = *delivery.event;
  Entry made;
  made.add("MESSAGE", words_of(*delivery.message));
  made.add("PRIORITY", configuration_.priority);
  made.add("SYSLOG_IDENTIFIER", configuration_.identifier);
  made.add("CARILLON_IDEMPOTENCY_KEY", view(delivery.idempotency_key));
  made.add("CARILLON_EVENT_ID", view(event.id));
  made.add("CARILLON_NAMESPACE", view(event.namespace_));
  made.add("CARILLON_TYPE", view(event.type));
  made.add("CARILLON_SCHEDULE", view(event.schedule_id));
  made.add("CARILLON_OCCURRENCE_KEY", view(event.occurrence_key));
  made.add("CARILLON_ENDPOINT", view(delivery.endpoint));
  made.add("CARILLON_LOCAL_TIME", local_time(event.local));
  made.add("CARILLON_TIME_ZONE", view(event.time_zone));
  made.add("CARILLON_DUE_SECONDS", event.due_ns / second_ns);
  made.add("CARILLON_LATE_SECONDS", delivery.late_ns / second_ns);
  made.add("CARILLON_ATTEMPT", delivery.attempt);
  if ((event.flags & CARILLON_EVENT_TEST) != 0) made.add("CARILLON_TEST", "1");
  made.add("CARILLON_DATA", view(delivery.message->data));
  for (const auto &[name, value] : configuration_.fields) made.add(name, value);
  return made;
}

int Sink::send(const carillon_delivery &delivery, int64_t until_ns) noexcept {
  try {
    return socket_.send(entry(delivery).bytes(), std::min(until_ns, delivery.deadline_ns - margin_ns));
  } catch (...) {
    return ENOMEM; // nothing else is thrown there
  }
}

void Sink::deliver(const carillon_delivery *const *deliveries, size_t count) noexcept {
  int64_t until_ns = monotonic_ns() + patience_ns;
  for (size_t index = 0; index < count; index++)
    complete(deliveries[index]->ticket, send(*deliveries[index], until_ns));
}

} // namespace journal
