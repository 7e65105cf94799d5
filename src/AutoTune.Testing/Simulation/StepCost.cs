namespace AutoTune.Testing;

/// <summary>How long a step of a trial takes in virtual time; a trial that never reports takes the time of step 1.</summary>
/// <param name="configuration">The trial's configuration.</param>
/// <param name="step">The step that ends with the report of this number.</param>
public delegate TimeSpan StepCost(Configuration configuration, int step);
