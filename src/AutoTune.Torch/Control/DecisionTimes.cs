namespace AutoTune.Torch.Control;

/// <summary>When a controller decides, and how far it goes: about forty times a training, whole numbers of them an epoch, and more often while it seeks the height.</summary>
/// <param name="epochs">How many epochs the training has.</param>
/// <param name="stepsPerEpoch">How many steps an epoch has.</param>
internal sealed class DecisionTimes(int epochs, int stepsPerEpoch)
{
    private const int Count = 40; // chosen: an epoch of a short training has four
    private const double SearchShare = .1; // of the training, in its beginning: what is lost there is hardly made good
    private const int SearchCount = 200; // were the whole training like that
    private const double Calm = .3; // signs are noisy, and a height that wanders costs more than one that is a little off
    private readonly int _total = checked(epochs * stepsPerEpoch);
    private readonly int _perEpoch = Math.Clamp((Count + epochs / 2) / epochs, 1, Math.Max(stepsPerEpoch / 2, 1)); // a single step tells nothing of noise

    /// <summary>After which step of its epoch the next decision is.</summary>
    /// <param name="step">How many steps of the training are behind.</param>
    /// <param name="inEpoch">How many of the epoch.</param>
    public int Next(int step, int inEpoch)
        => IsSearch(step) ? Math.Min(stepsPerEpoch, inEpoch + Math.Max(2, _total / SearchCount))
            : ((inEpoch + 1) * _perEpoch + stepsPerEpoch - 1) / stepsPerEpoch * stepsPerEpoch / _perEpoch;

    /// <summary>Which share of a multiplication, as a logarithm, is taken.</summary>
    public double ShareAt(int step) => IsSearch(step) ? 1 : Calm;

    private bool IsSearch(int step) => step / (double)_total < SearchShare;
}
