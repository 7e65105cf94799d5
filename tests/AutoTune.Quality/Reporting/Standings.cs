using System.Collections.Immutable;
using AutoTune.Quality.Measuring;
using AutoTune.Quality.Problems;

namespace AutoTune.Quality.Reporting;

/// <summary>A tuner, ours or a peer, with all its runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsOurs">Whether it is one of ours.</param>
/// <param name="Runs">Its runs, by problem.</param>
internal sealed record Contestant(string Name, bool IsOurs, ILookup<string, RunRecord> Runs);

/// <summary>Who reached what, on the problems that all our files have in common.</summary>
internal sealed class Standings
{
    /// <summary>The numbers of trials after which is compared.</summary>
    public static readonly ImmutableArray<int> Horizons = [25, 50, 100];

    private Standings(ImmutableArray<Problem> problems, ImmutableArray<Contestant> contestants) => (Problems, Contestants) = (problems, contestants);

    /// <summary>The problems that every tuner of ours has been run on.</summary>
    public ImmutableArray<Problem> Problems { get; }

    /// <summary>Ours, then the peers.</summary>
    public ImmutableArray<Contestant> Contestants { get; }

    /// <summary>Reads our files and the peers'.</summary>
    /// <param name="folder">The problems and the peers' files.</param>
    /// <param name="files">Our files. A tuner that is in several is told apart by the file's name.</param>
    /// <param name="tuners">Only these of ours; empty: all.</param>
    /// <param name="seeds">Only these seeds; empty: all.</param>
    public static Standings Read(ProblemFolder folder, ImmutableArray<string> files, ImmutableArray<string> tuners, ImmutableArray<int> seeds)
    {
        var ours = files.SelectMany(file => RunRecord.ReadFile(file).Select(run => (File: Path.GetFileNameWithoutExtension(file), Run: run)))
            .Where(entry => IsWanted(entry.Run) && (tuners.IsEmpty || tuners.Contains(entry.Run.Peer.Replace(RunRecord.OurPrefix, "", StringComparison.Ordinal))))
            .GroupBy(entry => (entry.File, entry.Run.Peer)).ToArray();
        var contestants = ours.Select(group => new Contestant(
                ours.Count(other => other.Key.Peer == group.Key.Peer) > 1 ? $"{group.Key.Peer} ({group.Key.File})" : group.Key.Peer,
                IsOurs: true, group.Select(entry => entry.Run).ToLookup(run => run.Problem))).ToList();
        contestants.AddRange(folder.PeerFiles.SelectMany(file => RunRecord.ReadFile(file)).Where(IsWanted).GroupBy(run => run.Peer)
            .Select(group => new Contestant(group.Key, IsOurs: false, group.ToLookup(run => run.Problem))));
        return new([.. folder.Problems.Where(problem => contestants.Where(c => c.IsOurs).All(c => c.Runs.Contains(problem.Name)))], [.. contestants]);

        bool IsWanted(RunRecord run) => seeds.IsEmpty || seeds.Contains(run.Seed);
    }

    /// <summary>Those who have runs on all of these problems: only they can be ranked.</summary>
    public ImmutableArray<Contestant> Complete(IEnumerable<Problem> problems)
        => [.. Contestants.Where(contestant => problems.All(problem => contestant.Runs.Contains(problem.Name)))];

    /// <summary>The normalised regret of a contestant's runs after some trials; NaN if it has none that are as long.</summary>
    public static Quartiles Regret(Contestant contestant, Problem problem, int trials)
        => Quartiles.Of(contestant.Runs[problem.Name].Where(run => run.Best.Length >= trials).Select(run => problem.Regret(run.Best[trials - 1])));
}
