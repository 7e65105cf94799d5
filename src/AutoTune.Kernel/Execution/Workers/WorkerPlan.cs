using System.Collections.Immutable;

namespace AutoTune.Execution;

/// <summary>What every worker of a study is started with.</summary>
/// <param name="Study">The study.</param>
/// <param name="Definition">Its definition, line by line, on which parent and worker must agree.</param>
/// <param name="Options">The options.</param>
/// <param name="Recall">How the studies went that the program ran before.</param>
internal sealed record WorkerPlan(StudyAddress Study, ImmutableArray<string> Definition, WorkerOptions Options, Func<StudyAddress, EarlierStudy> Recall)
{
    /// <summary>How the definition that a worker found differs; null if it does not.</summary>
    public string? DifferenceFrom(ImmutableArray<string> other)
    {
        if (Definition.SequenceEqual(other)) return null;
        var here = Definition.Except(other).FirstOrDefault("nothing more");
        var there = other.Except(Definition).FirstOrDefault("nothing more");
        return $"here it has [{here}], there [{there}]; what the program does before the study must not depend on the time, on random numbers or on which process it is.";
    }
}
