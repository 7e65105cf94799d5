using System.Numerics;

namespace AutoTune.Tuners.GaussianProcess;

/// <summary>At which numbers of trials settings are learnt, and what they are: a function of the trials alone, never of when somebody asked.</summary>
/// <remarks>
/// At each number up to 50, then whenever the trials have grown by a twentieth. Each fit starts from the one before it, and from the prior
/// alone at powers of two: so a resumed study has only the fits since the last power of two to make up for. Not thread-safe.
/// </remarks>
/// <param name="prior">What is believed before any trial.</param>
/// <param name="weights">How many weights the layout has.</param>
/// <param name="setOf">The training set of the first so many trials.</param>
/// <param name="bends">Whether columns may be bent: see <see cref="InputWarp"/>.</param>
internal sealed class SettingsSchedule(SurrogatePrior prior, int weights, Func<int, TrainingSet> setOf, bool bends = false)
{
    private const int DenseFits = 50, SparseStep = 20;
    private const int LeastTrials = 2;
    private int _at;
    private KernelSettings _settings = prior.Mode(weights);

    /// <summary>The settings after <paramref name="count"/> trials; the count never falls.</summary>
    public KernelSettings After(int count)
    {
        // Nothing that was learnt before the last fresh start matters.
        var from = Math.Max(_at + 1, (int)BitOperations.RoundUpToPowerOf2((uint)count / 2 + 1));
        for (var n = Math.Max(from, LeastTrials); n <= count; n++)
        {
            var isFresh = int.IsPow2(n);
            if (!isFresh && n > DenseFits && n < _at + Math.Max(1, _at / SparseStep)) continue;
            _settings = SurrogateFit.Find(setOf(n), prior, isFresh ? null : _settings, bends);
            _at = n;
        }

        return _settings;
    }
}
