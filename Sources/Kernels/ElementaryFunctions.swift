/// The elementary functions that the kernels evaluate on whole arrays.
public enum ElementaryFunction: CaseIterable, Sendable {
  case exp, log, log1p, tanh, sigmoid, softplus, sin, cos, erf, normalQuantile
}
