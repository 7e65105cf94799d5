using System.Collections.Immutable;

namespace AutoTune;

/// <summary>What <see cref="StudyFile.Repair"/> did.</summary>
/// <param name="SetAside">Where the damaged file is now; null if nothing was damaged.</param>
/// <param name="Studies">What was kept of each study.</param>
public sealed record StudyRepair(string? SetAside, ImmutableArray<RepairedStudy> Studies)
{
    /// <summary>For people: a line for each study.</summary>
    public override string ToString() => SetAside is null
        ? "Nothing was damaged."
        : string.Join(Environment.NewLine, [$"The damaged file is now '{SetAside}'.", .. Studies.Select(study => study.ToString())]);
}

/// <summary>What was kept of a study.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FactCount">The facts that were kept: the first ones, without a gap.</param>
/// <param name="FinishedCount">The finished trials among them.</param>
/// <param name="Damage">Why no more could be kept; empty if all was.</param>
public sealed record RepairedStudy(string Name, long FactCount, int FinishedCount, string Damage)
{
    /// <summary>For example <c>Study 'digits': 120 facts and 17 finished trials were kept; fact 120 has been altered.</c></summary>
    public override string ToString()
        => FormattableString.Invariant($"Study '{Name}': {FactCount} facts and {FinishedCount} finished trials were kept; {(Damage.Length > 0 ? Damage : "it was not damaged")}.");
}
