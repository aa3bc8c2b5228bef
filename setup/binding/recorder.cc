// What tfjs' binding lacks: building a TensorFlow graph op by op, making it a function that executeOp runs, and looking at
// a tensor's values where they lie. Set-up compiles this file with the binding's own sources, of which it changes two lines.

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>
#include <node_api.h>
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"
#include "tf_auto_status.h"
#include "tfjs_backend.h"

namespace tfnodejs {

void DefineProfiler(napi_env env, napi_value exports);  // profiler.cc

// Numbers of recorded tensors begin here, so that they never meet those of real ones.
constexpr int32_t kFirst = 1000000000;

// One input of an op as its definition has it: the attributes that follow from what is put in.
struct Input {
  std::string type, number, types;
  bool isList() const { return !number.empty() || !types.empty(); }
};

// Who has touched a variable so far; the order of a function's ops is theirs to say.
struct Uses {
  TF_Operation *write = nullptr;
  std::vector<TF_Operation *> reads;
};

// State of one environment of Node (its main thread or a worker).
struct Recorder {
  TFJSBackend *backend = nullptr;
  TF_Graph *graph = nullptr;
  std::unordered_map<int32_t, TF_Output> recorded;
  std::map<TF_Operation *, Uses> variables;
  std::vector<TF_Operation *> effects;
  std::map<std::string, std::vector<Input>> definitions;
  int32_t next = kFirst;
  int64_t functions = 0, scope = 0;

  TFE_Context *context() { return backend->tfe_context_; }
  TFE_TensorHandle *handle(int32_t id) {
    auto found = backend->tfe_handle_map_.find(id);
    return found == backend->tfe_handle_map_.end() ? nullptr : found->second;
  }
  // Sorts by the order of making; what the op belongs to comes last, and only where it was said.
  std::string name() {
    std::string own = "n" + std::to_string(next) + "_" + std::to_string(effects.size());
    return scope == 0 ? own : own + ".s" + std::to_string(scope);
  }
  void end() {
    if (graph != nullptr) TF_DeleteGraph(graph);
    graph = nullptr;
    recorded.clear();
    variables.clear();
    effects.clear();
    next = kFirst;
    scope = 0;
  }
};

namespace {

napi_value Throw(napi_env env, const std::string &message) {
  napi_throw_error(env, nullptr, message.c_str());
  return nullptr;
}

bool Failed(napi_env env, TF_AutoStatus &status, const std::string &what) {
  if (TF_GetCode(status.status) == TF_OK) return false;
  Throw(env, what + ": " + TF_Message(status.status));
  return true;
}

// ---- values of JavaScript

struct Call {
  Recorder *recorder;
  napi_value arguments[4];
};

Call Read(napi_env env, napi_callback_info info) {
  Call call = {};
  size_t count = 4;
  void *data;
  napi_get_cb_info(env, info, &count, call.arguments, nullptr, &data);
  call.recorder = static_cast<Recorder *>(data);
  return call;
}

napi_value Property(napi_env env, napi_value object, const char *name) {
  napi_value value;
  napi_get_named_property(env, object, name, &value);
  return value;
}

std::string Text(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length, '\0');
  napi_get_value_string_utf8(env, value, &text[0], length + 1, &length);
  return text;
}

int64_t Whole(napi_env env, napi_value value) {
  int64_t number = 0;
  napi_get_value_int64(env, value, &number);
  return number;
}

double Real(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

bool Truth(napi_env env, napi_value value) {
  bool truth = false;
  napi_get_value_bool(env, value, &truth);
  return truth;
}

std::vector<napi_value> Elements(napi_env env, napi_value array) {
  uint32_t length = 0;
  napi_get_array_length(env, array, &length);
  std::vector<napi_value> elements(length);
  for (uint32_t i = 0; i < length; i++) napi_get_element(env, array, i, &elements[i]);
  return elements;
}

std::vector<int64_t> Wholes(napi_env env, napi_value array) {
  std::vector<int64_t> numbers;
  for (napi_value value : Elements(env, array)) numbers.push_back(Whole(env, value));
  return numbers;
}

napi_value Number(napi_env env, int64_t number) {
  napi_value value;
  napi_create_int64(env, number, &value);
  return value;
}

// ---- definitions of ops, which TensorFlow gives as serialised protocol buffers

struct Wire {
  const uint8_t *at, *end;
  uint64_t varint() {
    uint64_t value = 0;
    for (int shift = 0; at < end; shift += 7) {
      uint8_t byte = *at++;
      value |= uint64_t(byte & 127) << shift;
      if (byte < 128) break;
    }
    return value;
  }
  // The next field: its number, and its content where that has a length. No other kinds occur.
  int next(Wire *content) {
    if (at >= end) return 0;
    uint64_t tag = varint();
    if ((tag & 7) == 2) {
      uint64_t length = varint();
      *content = {at, at + length};
      at += length;
    } else {
      varint();
    }
    return int(tag >> 3);
  }
  std::string text() const { return std::string(reinterpret_cast<const char *>(at), end - at); }
};

// Fields of OpDef and its ArgDef (tensorflow/core/framework/op_def.proto).
const std::vector<Input> *Definition(napi_env env, Recorder *recorder, const std::string &op) {
  auto known = recorder->definitions.find(op);
  if (known != recorder->definitions.end()) return &known->second;
  TF_AutoStatus status;
  std::unique_ptr<TF_Buffer, void (*)(TF_Buffer *)> buffer(TF_NewBuffer(), TF_DeleteBuffer);
  TF_GraphGetOpDef(recorder->graph, op.c_str(), buffer.get(), status.status);
  if (Failed(env, status, op)) return nullptr;
  std::vector<Input> inputs;
  auto start = static_cast<const uint8_t *>(buffer->data);
  Wire definition = {start, start + buffer->length}, argument, content;
  while (int field = definition.next(&argument)) {
    if (field != 2) continue;
    Input input;
    while (int part = argument.next(&content)) {
      if (part == 4) input.type = content.text();
      if (part == 5) input.number = content.text();
      if (part == 6) input.types = content.text();
    }
    inputs.push_back(input);
  }
  return &(recorder->definitions[op] = inputs);
}

// ---- recording

// What the binding says of a real tensor: its number, type and shape.
napi_value Describe(napi_env env, Recorder *recorder, int32_t id) {
  TF_Output output = recorder->recorded[id];
  TF_AutoStatus status;
  int rank = TF_GraphGetTensorNumDims(recorder->graph, output, status.status);
  std::vector<int64_t> extents(rank < 0 ? 0 : rank);  // no rank: something opaque that is only passed on
  if (rank > 0) TF_GraphGetTensorShape(recorder->graph, output, extents.data(), rank, status.status);
  napi_value object, shape;
  napi_create_object(env, &object);
  napi_create_array_with_length(env, extents.size(), &shape);
  for (size_t i = 0; i < extents.size(); i++) {
    if (extents[i] < 0)
      return Throw(env, std::string(TF_OperationOpType(output.oper)) + ": a shape that depends on values");
    napi_set_element(env, shape, i, Number(env, extents[i]));
  }
  napi_set_named_property(env, object, "id", Number(env, id));
  napi_set_named_property(env, object, "dtype", Number(env, TF_OperationOutputType(output)));
  napi_set_named_property(env, object, "shape", shape);
  return object;
}

int32_t Add(Recorder *recorder, TF_Output output) {
  recorder->recorded[recorder->next] = output;
  return recorder->next++;
}

bool Find(napi_env env, Recorder *recorder, napi_value ids, const std::string &of, std::vector<TF_Output> *found) {
  for (int64_t id : Wholes(env, ids)) {
    auto at = recorder->recorded.find(int32_t(id));
    if (at == recorder->recorded.end()) {
      Throw(env, of + ": a tensor that is neither an input nor made inside");
      return false;
    }
    found->push_back(at->second);
  }
  return true;
}

napi_value GraphBegin(napi_env env, napi_callback_info info) {
  Recorder *recorder = Read(env, info).recorder;
  recorder->end();
  recorder->graph = TF_NewGraph();
  return nullptr;
}

napi_value GraphEnd(napi_env env, napi_callback_info info) {
  Read(env, info).recorder->end();
  return nullptr;
}

// (number): what the ops that follow belong to, which becomes part of their names; 0, as at the beginning, is nothing.
napi_value GraphScope(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  call.recorder->scope = Whole(env, call.arguments[0]);
  return nullptr;
}

// (dtype, shape): an input of the function.
napi_value GraphInput(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  std::vector<int64_t> shape = Wholes(env, call.arguments[1]);
  TF_OperationDescription *made =
      TF_NewOperation(call.recorder->graph, "Placeholder", call.recorder->name().c_str());
  TF_SetAttrType(made, "dtype", TF_DataType(Whole(env, call.arguments[0])));
  TF_SetAttrShape(made, "shape", shape.data(), shape.size());
  TF_AutoStatus status;
  TF_Operation *operation = TF_FinishOperation(made, status.status);
  if (Failed(env, status, "an input")) return nullptr;
  return Describe(env, call.recorder, Add(call.recorder, {operation, 0}));
}

// (shape, dtype, typed array): a constant's number, as createTensor gives a real one's.
napi_value GraphConstant(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  std::vector<int64_t> shape = Wholes(env, call.arguments[0]);
  TF_DataType type = TF_DataType(Whole(env, call.arguments[1]));
  napi_typedarray_type kind;
  size_t length = 0, offset = 0;
  void *values = nullptr;
  napi_value buffer;
  if (napi_get_typedarray_info(env, call.arguments[2], &kind, &length, &values, &buffer, &offset) != napi_ok)
    return Throw(env, "a constant that is no typed array");
  size_t width = kind == napi_float64_array || kind == napi_bigint64_array                              ? 8
                 : kind == napi_float32_array || kind == napi_int32_array || kind == napi_uint32_array ? 4
                                                                                                        : 1;
  size_t bytes = TF_DataTypeSize(type);
  for (int64_t extent : shape) bytes *= extent;
  if (bytes != length * width) return Throw(env, "a constant whose values do not fill its shape");
  TF_Tensor *tensor = TF_AllocateTensor(type, shape.data(), shape.size(), bytes);
  if (bytes > 0) memcpy(TF_TensorData(tensor), values, bytes);
  TF_AutoStatus status;
  TF_OperationDescription *made = TF_NewOperation(call.recorder->graph, "Const", call.recorder->name().c_str());
  TF_SetAttrType(made, "dtype", type);
  TF_SetAttrTensor(made, "value", tensor, status.status);
  TF_DeleteTensor(tensor);
  TF_AutoStatus finished;
  TF_Operation *operation = TF_FinishOperation(made, finished.status);
  if (Failed(env, status, "a constant") || Failed(env, finished, "a constant")) return nullptr;
  return Number(env, Add(call.recorder, {operation, 0}));
}

void SetAttribute(napi_env env, TF_OperationDescription *made, const std::string &name, napi_value attribute) {
  napi_value value = Property(env, attribute, "value");
  bool isArray = false;
  napi_is_array(env, value, &isArray);
  const char *key = name.c_str();
  switch (TF_AttrType(Whole(env, Property(env, attribute, "type")))) {
    case TF_ATTR_STRING: {
      std::string text = Text(env, value);
      TF_SetAttrString(made, key, text.data(), text.size());
      break;
    }
    case TF_ATTR_INT: {
      if (!isArray) TF_SetAttrInt(made, key, Whole(env, value));
      else {
        std::vector<int64_t> list = Wholes(env, value);
        TF_SetAttrIntList(made, key, list.data(), int(list.size()));
      }
      break;
    }
    case TF_ATTR_FLOAT: {
      if (!isArray) TF_SetAttrFloat(made, key, float(Real(env, value)));
      else {
        std::vector<float> list;
        for (napi_value element : Elements(env, value)) list.push_back(float(Real(env, element)));
        TF_SetAttrFloatList(made, key, list.data(), int(list.size()));
      }
      break;
    }
    case TF_ATTR_BOOL:
      TF_SetAttrBool(made, key, Truth(env, value));
      break;
    case TF_ATTR_TYPE:
      TF_SetAttrType(made, key, TF_DataType(Whole(env, value)));
      break;
    case TF_ATTR_SHAPE: {
      std::vector<int64_t> shape = Wholes(env, value);
      TF_SetAttrShape(made, key, shape.data(), int(shape.size()));
      break;
    }
    default:
      Throw(env, "the attribute " + name + " is of no known kind");
  }
}

// An op on a variable runs after what changed it before, and a change after what read it before.
void Order(Recorder *recorder, TF_OperationDescription *made, const std::vector<TF_Output> &inputs, bool reads) {
  for (const TF_Output &input : inputs) {
    if (TF_OperationOutputType(input) != TF_RESOURCE) continue;
    Uses &uses = recorder->variables[input.oper];
    if (uses.write != nullptr) TF_AddControlInput(made, uses.write);
    if (!reads)
      for (TF_Operation *read : uses.reads) TF_AddControlInput(made, read);
  }
}

void Note(Recorder *recorder, TF_Operation *operation, const std::vector<TF_Output> &inputs, bool reads) {
  for (const TF_Output &input : inputs) {
    if (TF_OperationOutputType(input) != TF_RESOURCE) continue;
    Uses &uses = recorder->variables[input.oper];
    if (reads) uses.reads.push_back(operation);
    else uses = {operation, {}};
  }
}

// (op, attributes, inputs, number of outputs): as executeOp, but only recorded. Attributes that follow from the inputs
// (their types and numbers) are left to TensorFlow.
napi_value GraphOp(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  Recorder *recorder = call.recorder;
  std::string op = Text(env, call.arguments[0]);
  const std::vector<Input> *definition = Definition(env, recorder, op);
  if (definition == nullptr) return nullptr;
  std::vector<TF_Output> inputs;
  if (!Find(env, recorder, call.arguments[2], op, &inputs)) return nullptr;
  int lists = 0;
  for (const Input &input : *definition) lists += input.isList();
  if (lists > 1 || inputs.size() + lists < definition->size() || (lists == 0 && inputs.size() != definition->size()))
    return Throw(env, op + ": other inputs than it is defined with");

  TF_OperationDescription *made = TF_NewOperation(recorder->graph, op.c_str(), recorder->name().c_str());
  size_t next = 0;
  std::map<std::string, bool> inferred;
  for (const Input &input : *definition) {
    if (input.isList()) {
      size_t length = inputs.size() - (definition->size() - 1);
      TF_AddInputList(made, inputs.data() + next, int(length));
      next += length;
      inferred[input.number] = inferred[input.types] = true;
    } else {
      TF_AddInput(made, inputs[next++]);
    }
    inferred[input.type] = true;
  }
  bool reads = op == "ReadVariableOp";
  Order(recorder, made, inputs, reads);
  for (napi_value attribute : Elements(env, call.arguments[1])) {
    std::string name = Text(env, Property(env, attribute, "name"));
    if (inferred.count(name) == 0) SetAttribute(env, made, name, attribute);
  }
  TF_AutoStatus status;
  TF_Operation *operation = TF_FinishOperation(made, status.status);
  if (Failed(env, status, op)) return nullptr;
  Note(recorder, operation, inputs, reads);
  int64_t wanted = Whole(env, call.arguments[3]);
  if (wanted == 0) recorder->effects.push_back(operation);
  if (wanted > TF_OperationNumOutputs(operation)) return Throw(env, op + ": fewer outputs than asked for");
  napi_value outputs;
  napi_create_array(env, &outputs);
  for (int i = 0; i < wanted; i++) {
    napi_value described = Describe(env, recorder, Add(recorder, {operation, i}));
    if (described == nullptr) return nullptr;
    napi_set_element(env, outputs, i, described);
  }
  return outputs;
}

// (number, shape): says what TensorFlow cannot infer, the shape read from a variable.
napi_value GraphShape(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  int32_t id = int32_t(Whole(env, call.arguments[0]));
  std::vector<int64_t> shape = Wholes(env, call.arguments[1]);
  auto at = call.recorder->recorded.find(id);
  if (at == call.recorder->recorded.end()) return Throw(env, "no recorded tensor");
  TF_AutoStatus status;
  TF_GraphSetTensorShape(call.recorder->graph, at->second, shape.data(), int(shape.size()), status.status);
  if (Failed(env, status, "the shape of a variable")) return nullptr;
  return Describe(env, call.recorder, id);
}

// (inputs, outputs): makes what was recorded a function and returns its name. Ops without outputs run with it.
napi_value GraphFunction(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  Recorder *recorder = call.recorder;
  std::vector<TF_Output> inputs, outputs;
  if (!Find(env, recorder, call.arguments[0], "an input", &inputs)) return nullptr;
  if (!Find(env, recorder, call.arguments[1], "a result", &outputs)) return nullptr;
  std::vector<std::string> names;
  for (TF_Operation *effect : recorder->effects) names.push_back(TF_OperationName(effect));
  std::vector<const char *> pointers;
  for (const std::string &name : names) pointers.push_back(name.c_str());
  std::string name = "pathkernel_" + std::to_string(recorder->functions++);
  TF_AutoStatus status;
  TF_Function *function = TF_GraphToFunctionWithControlOutputs(
      recorder->graph, name.c_str(), 0, -1, nullptr, int(inputs.size()), inputs.data(), int(outputs.size()),
      outputs.data(), nullptr, int(recorder->effects.size()), recorder->effects.data(), pointers.data(), nullptr,
      nullptr, status.status);
  if (Failed(env, status, "a compiled function")) return nullptr;
  TFE_ContextAddFunction(recorder->context(), function, status.status);
  TF_DeleteFunction(function);
  if (Failed(env, status, "a compiled function")) return nullptr;
  napi_value result;
  napi_create_string_utf8(env, name.c_str(), name.size(), &result);
  return result;
}

napi_value RemoveFunction(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(call.recorder->context(), Text(env, call.arguments[0]).c_str(), status.status);
  Failed(env, status, "removing a compiled function");
  return nullptr;
}

// ---- reading

// Smaller values are copied, which costs less than what Node does for a view.
constexpr size_t kCopied = 1 << 20;

void ReleaseTensor(napi_env, void *, void *tensor) { TF_DeleteTensor(static_cast<TF_Tensor *>(tensor)); }

// (number): a tensor's values, double, float or int32, where they lie; a copy of few, and where Node allows no such view.
napi_value TensorView(napi_env env, napi_callback_info info) {
  Call call = Read(env, info);
  TFE_TensorHandle *handle = call.recorder->handle(int32_t(Whole(env, call.arguments[0])));
  if (handle == nullptr) return Throw(env, "a view of no tensor");
  TF_DataType type = TFE_TensorHandleDataType(handle);
  if (type != TF_DOUBLE && type != TF_FLOAT && type != TF_INT32) return Throw(env, "a view of no numbers");
  TF_AutoStatus status;
  TF_Tensor *tensor = TFE_TensorHandleResolve(handle, status.status);
  if (Failed(env, status, "a view")) return nullptr;
  size_t bytes = TF_TensorByteSize(tensor);
  napi_value buffer, view;
  if (bytes < kCopied ||
      napi_create_external_arraybuffer(env, TF_TensorData(tensor), bytes, ReleaseTensor, tensor, &buffer) != napi_ok) {
    void *copy = nullptr;
    napi_create_arraybuffer(env, bytes, &copy, &buffer);
    if (bytes > 0) memcpy(copy, TF_TensorData(tensor), bytes);
    TF_DeleteTensor(tensor);
  }
  napi_create_typedarray(
      env, type == TF_DOUBLE ? napi_float64_array : type == TF_FLOAT ? napi_float32_array : napi_int32_array,
      bytes / TF_DataTypeSize(type), buffer, 0, &view);
  return view;
}

}  // namespace

// Called where the binding defines its exports.
void DefineRecorder(napi_env env, napi_value exports, TFJSBackend *backend) {
  Recorder *recorder = new Recorder();
  recorder->backend = backend;
  napi_add_env_cleanup_hook(
      env,
      [](void *data) {
        static_cast<Recorder *>(data)->end();
        delete static_cast<Recorder *>(data);
      },
      recorder);
  napi_value digest;
  napi_create_string_utf8(env, RECORDER_DIGEST, NAPI_AUTO_LENGTH, &digest);
  const std::pair<const char *, napi_callback> functions[] = {
      {"graphBegin", GraphBegin},       {"graphEnd", GraphEnd},           {"graphInput", GraphInput},
      {"graphConstant", GraphConstant}, {"graphOp", GraphOp},             {"graphShape", GraphShape},
      {"graphScope", GraphScope},       {"graphFunction", GraphFunction}, {"removeFunction", RemoveFunction}, {"tensorView", TensorView},
  };
  for (const auto &[name, callback] : functions) {
    napi_property_descriptor property = {name, nullptr, callback, nullptr, nullptr, nullptr, napi_default, recorder};
    napi_define_properties(env, exports, 1, &property);
  }
  DefineProfiler(env, exports);
  napi_property_descriptor property = {"recorder", nullptr, nullptr, nullptr, nullptr, digest, napi_default, nullptr};
  napi_define_properties(env, exports, 1, &property);
}

}  // namespace tfnodejs
