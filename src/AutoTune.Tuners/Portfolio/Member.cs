using AutoTune.Tuning;

namespace AutoTune.Tuners.Portfolio;

/// <summary>A tuner of a portfolio.</summary>
/// <param name="Name">Its name, as people read it and as it is noted on trials.</param>
/// <param name="Tuner">The tuner.</param>
/// <param name="Weight">
/// How many trials it gets beside the others before anything is known: relative to the best of the models if it has no model, beside an
/// equally good model if it has one.
/// </param>
internal sealed record Member(string Name, ITuner Tuner, double Weight);
