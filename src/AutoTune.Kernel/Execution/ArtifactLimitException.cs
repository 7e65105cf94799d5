namespace AutoTune;

/// <summary>A trial's files would be larger than its study allows. If the objective does not catch it, the trial fails with this reason and is not retried.</summary>
public sealed class ArtifactLimitException : Exception
{
    internal ArtifactLimitException(TrialId trial, string name, long others, long limit)
        : base(FormattableString.Invariant(
            $"{trial}: with '{name}' its files would have more than {limit:N0} bytes ({others:N0} are there); write less, delete what is no longer needed, or raise the limit by LimitArtifacts.")) { }
}
