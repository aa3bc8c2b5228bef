// oneDNN's convolutions round so much more coarsely than TensorFlow's own that a few ReLUs of a large network open the other
// way, which scores made of gradients show. TensorFlow reads the setting when it is loaded: import this file first.
process.env.TF_ENABLE_ONEDNN_OPTS ??= '0';
