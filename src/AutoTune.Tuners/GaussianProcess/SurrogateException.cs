namespace AutoTune.Tuners.GaussianProcess;

/// <summary>The model could not be computed; the study puts a random configuration in its place and goes on.</summary>
internal sealed class SurrogateException(string message) : Exception(message);
