using System.Collections.Immutable;

namespace AutoTune.Tuners.Hybrid;

/// <summary>Tuners, until when, and whether they share trials by what they have shown, or take turns.</summary>
internal sealed record HybridStage(ImmutableArray<Func<StudyBuilder, StudyBuilder>> Tuners, HandOver? Until, bool IsBandit);
