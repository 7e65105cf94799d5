using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A search space, or a configuration of it, is not well defined. The message lists every problem found.</summary>
public sealed class SearchSpaceException : Exception
{
    internal SearchSpaceException(string heading, IEnumerable<string> problems, Exception? cause = null)
        : this([.. problems], heading, cause) { }

    private SearchSpaceException(ImmutableArray<string> problems, string heading, Exception? cause)
        : base(problems.Length == 1 ? problems[0] : $"{heading}{string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}"))}", cause)
        => Problems = problems;

    /// <summary>The problems, one text each.</summary>
    public ImmutableArray<string> Problems { get; }
}
