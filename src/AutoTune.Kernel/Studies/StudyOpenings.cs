using AutoTune.Execution;
using AutoTune.Journals;

namespace AutoTune.Studies;

/// <summary>
/// The studies that this process has opened, in their order by name, and how the last of them went: a worker for a later study passes them on its
/// way, and has their results from here.
/// </summary>
/// <remarks>Thread-safe. One a process, like the program's run that it describes.</remarks>
internal static class StudyOpenings
{
    /// <summary>How many results are kept: of more studies in a program only the last.</summary>
    private const int MaxResults = 100;

    private static readonly Lock Lock = new();
    private static readonly Dictionary<string, int> Counts = [];
    private static readonly Dictionary<StudyAddress, (StudyResult? Result, string Evaluation, bool IsSpaceDeclared, bool HasFailed)> Known = [];
    private static readonly Queue<StudyAddress> Order = [];

    /// <summary>A study of this name is opened.</summary>
    public static StudyAddress Next(string name)
    {
        lock (Lock)
        {
            var opening = Counts.GetValueOrDefault(name);
            Counts[name] = opening + 1;
            var address = new StudyAddress(name, opening);
            Known[address] = (null, "", false, false);
            Order.Enqueue(address);
            while (Order.Count > MaxResults) Known.Remove(Order.Dequeue());
            return address;
        }
    }

    /// <summary>It has ended.</summary>
    public static void End(StudyAddress address, StudyResult result, string evaluation, bool isSpaceDeclared, bool hasFailed)
    {
        lock (Lock)
        {
            if (Known.ContainsKey(address)) Known[address] = (result, evaluation, isSpaceDeclared, hasFailed);
        }
    }

    /// <summary>How it went, for a worker.</summary>
    public static EarlierStudy Find(StudyAddress address)
    {
        (StudyResult? Result, string Evaluation, bool IsSpaceDeclared, bool HasFailed) known;
        lock (Lock)
        {
            if (!Known.TryGetValue(address, out known)) return EarlierStudy.Unknown;
        }

        return known.Result is { } result
            ? new EarlierStudy(EarlierStudyState.Ended, [.. StudyFacts.Of(result.View, known.Evaluation, known.IsSpaceDeclared).Select(EventWriter.Write)], result.StopReason, known.HasFailed)
            : EarlierStudy.Running;
    }
}
