using AutoTune.Spaces;
using AutoTune.Tuners.Tpe;

namespace AutoTune.Tuners.Reinforcement;

/// <summary>The finished trials of a study in the order of their ranks, and how it stands.</summary>
/// <remarks>
/// <code>
/// features  log(1 + t) / 5 after t trials; share of the trials that is left (50 / (50 + t) where there is no limit); 1 if there is a best trial; trials
///           since it by t + 1; mean distance of the coordinates of the best quarter (at most 16) from its first, times 4; (median - least) / (most - least) loss
/// score     -log(q) - 1 of the n trials' rank r, q = (r - 1/2) / n, equal ones share theirs (exponential scores, Savage 1956); -1 without a loss
/// </code>
/// Scores have mean 0 and deviation 1 whatever the losses are, and tell the best apart more than the worst. Not thread-safe.
/// </remarks>
internal sealed class StudyRecord(int dimensions, int? trialLimit)
{
    private const double Horizon = 50;
    private const int MostForSpread = 16;
    private readonly List<(TrialRank Rank, Episode Episode)> _ordered = [];
    private int _sinceBest;

    public int Count => _ordered.Count;

    /// <summary>The episodes, the best one first.</summary>
    public IEnumerable<Episode> BestFirst => _ordered.Select(entry => entry.Episode);

    /// <summary>How far the study is, from 0 to 1.</summary>
    public double Progress => 1 - Left;

    private double Left => trialLimit is { } limit ? Math.Max(limit - Count, 0) / (double)Math.Max(limit, 1) : Horizon / (Horizon + Count);

    public void Add(TrialRank rank, Episode episode)
    {
        int low = 0, high = _ordered.Count; // behind its equals
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ordered[middle].Rank.CompareTo(rank) <= 0) low = middle + 1;
            else high = middle;
        }

        _ordered.Insert(low, (rank, episode));
        _sinceBest = low == 0 && rank.HasLoss ? 0 : _sinceBest + 1;
    }

    /// <summary>Sets the episodes' scores to what their ranks are now.</summary>
    public void Rate()
    {
        for (int start = 0, end; start < Count; start = end)
        {
            var rank = _ordered[start].Rank;
            for (end = start + 1; end < Count && _ordered[end].Rank.CompareTo(rank) == 0; end++) { }
            var score = rank.HasLoss ? Score(0.5 * (start + end) / Count) : -1;
            for (var i = start; i < end; i++) _ordered[i].Episode.Score = score;
        }
    }

    public static double Score(double quantile) => -PortableMath.Log(quantile) - 1;

    public Situation Situation()
    {
        var hasBest = Count > 0 && _ordered[0].Rank.HasLoss;
        var best = hasBest ? _ordered[0].Episode : null;
        double[] features =
        [
            PortableMath.Log(1 + Count) / 5, Left, hasBest ? 1 : 0, (double)_sinceBest / (Count + 1), hasBest ? 4 * Spread(best!) : 1, hasBest ? Shape() : 0.5,
        ];
        return new Situation(features, best?.Unit ?? [], best?.IsChosen ?? []);
    }

    private double Spread(Episode best)
    {
        double sum = 0, count = 0;
        var most = Math.Min((Count + 3) / 4, MostForSpread);
        for (var i = 1; i < most; i++)
        {
            var other = _ordered[i].Episode;
            for (var j = 0; j < dimensions; j++)
            {
                if (!best.IsChosen[j] || !other.IsChosen[j]) continue;
                sum += Math.Abs(best.Unit[j] - other.Unit[j]);
                count++;
            }
        }

        return count == 0 ? 0.25 : sum / count;
    }

    private double Shape()
    {
        var known = Count;
        while (known > 0 && !_ordered[known - 1].Rank.HasLoss) known--;
        double least = _ordered[0].Rank.Loss, median = _ordered[known / 2].Rank.Loss, most = _ordered[known - 1].Rank.Loss;
        // Halved first, so that the difference of both extremes is finite.
        var share = (median / 2 - least / 2) / (most / 2 - least / 2);
        return double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0.5;
    }
}
