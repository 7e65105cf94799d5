using System.Collections.Immutable;

namespace AutoTune;

/// <summary>A study is not well defined. The message lists every problem found, before anything was evaluated.</summary>
public sealed class StudyDefinitionException : Exception
{
    /// <summary>An error with its problems, a sentence each: the thing, its value, the rule, the remedy.</summary>
    public StudyDefinitionException(string studyName, IEnumerable<string> problems) : this(studyName, [.. problems]) { }

    private StudyDefinitionException(string studyName, ImmutableArray<string> problems)
        : base(problems.Length == 1
            ? $"Study '{studyName}': {problems[0]}"
            : $"Study '{studyName}' has several problems:{string.Concat(problems.Select(problem => $"{Environment.NewLine}- {problem}"))}")
        => Problems = problems;

    /// <summary>The problems, one text each.</summary>
    public ImmutableArray<string> Problems { get; }
}
