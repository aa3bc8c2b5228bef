// TensorFlow's own profiler, for the binding: which op ran when and on which thread, and what memory it took.

#include <memory>
#include <string>
#include <node_api.h>
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include "tsl/profiler/lib/profiler_session.h"
#include "tsl/profiler/lib/traceme.h"

namespace tfnodejs {
namespace {

// One of a process, as TensorFlow has it.
std::unique_ptr<tsl::ProfilerSession> session;

napi_value ProfileBegin(napi_env env, napi_callback_info) {
  tensorflow::ProfileOptions options = tsl::ProfilerSession::DefaultOptions();
  options.set_host_tracer_level(3);  // cheap ops, too
  session = tsl::ProfilerSession::Create(options);
  if (session->Status().ok()) return nullptr;
  session.reset();
  napi_throw_error(env, nullptr, "something else profiles this process");
  return nullptr;
}

// An op is named `node:type`, the callers' own spans begin with @; of all else only what memory is taken counts.
bool IsKept(const std::string &name) {
  return name[0] == '@' || name == "MemoryAllocation" ||
         (name.find(':') != std::string::npos && name.find("::") == std::string::npos);
}

void Set(napi_env env, napi_value object, const char *name, double number) {
  napi_value value;
  napi_create_double(env, number, &value);
  napi_set_named_property(env, object, name, value);
}

// Everything since the beginning: `{name, thread, start, duration, bytes}`, times in milliseconds.
napi_value ProfileEnd(napi_env env, napi_callback_info) {
  napi_value found;
  napi_create_array(env, &found);
  if (session == nullptr) return found;
  tensorflow::profiler::XSpace space;
  session->CollectData(&space).IgnoreError();
  session.reset();
  uint32_t count = 0;
  double thread = 0;
  for (const auto &plane : space.planes())
    for (const auto &line : plane.lines()) {
      thread++;
      for (const auto &event : line.events()) {
        const std::string &name = plane.event_metadata().at(event.metadata_id()).name();
        if (name.empty() || !IsKept(name)) continue;
        double bytes = 0;
        for (const auto &stat : event.stats())
          if (plane.stat_metadata().at(stat.metadata_id()).name() == "requested_bytes")
            bytes = stat.has_uint64_value() ? double(stat.uint64_value()) : double(stat.int64_value());
        napi_value object, text;
        napi_create_object(env, &object);
        napi_create_string_utf8(env, name.data(), name.size(), &text);
        napi_set_named_property(env, object, "name", text);
        Set(env, object, "thread", thread);
        Set(env, object, "start", line.timestamp_ns() / 1e6 + event.offset_ps() / 1e9);
        Set(env, object, "duration", event.duration_ps() / 1e9);
        Set(env, object, "bytes", bytes);
        napi_set_element(env, found, count++, object);
      }
    }
  return found;
}

// (name): begins a span of the caller's own; returns its number.
napi_value ProfileEnter(napi_env env, napi_callback_info info) {
  size_t count = 1, length = 0;
  napi_value argument, number;
  char name[32];
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_string_utf8(env, argument, name, sizeof(name), &length);
  napi_create_int64(env, tsl::profiler::TraceMe::ActivityStart(std::string(name, length)), &number);
  return number;
}

// (number): ends it.
napi_value ProfileLeave(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int64_t number = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int64(env, argument, &number);
  tsl::profiler::TraceMe::ActivityEnd(number);
  return nullptr;
}

}  // namespace

void DefineProfiler(napi_env env, napi_value exports) {
  const std::pair<const char *, napi_callback> functions[] = {
      {"profileBegin", ProfileBegin},
      {"profileEnd", ProfileEnd},
      {"profileEnter", ProfileEnter},
      {"profileLeave", ProfileLeave},
  };
  for (const auto &[name, callback] : functions) {
    napi_property_descriptor property = {name, nullptr, callback, nullptr, nullptr, nullptr, napi_default, nullptr};
    napi_define_properties(env, exports, 1, &property);
  }
}

}  // namespace tfnodejs
