namespace AutoTune.Tuners.Online;

/// <summary>How a challenger differs from the champion.</summary>
/// <param name="Origin">Where its weights and hyperparameters come from.</param>
/// <param name="Hyperparameter">The index of the one hyperparameter that was moved; -1: it is no such move.</param>
/// <param name="Sign">1 up, -1 down, 0 another value.</param>
internal sealed record Move(Origin Origin, int Hyperparameter = -1, int Sign = 0)
{
    /// <summary>In words.</summary>
    public string Text => Origin switch
    {
        Origin.Step => "a copy of the champion",
        Origin.Recall => "a copy of the champion with hyperparameters that won before",
        Origin.Explorer => "the explorer, a copy that goes on faster",
        Origin.Settle => "a copy of the explorer",
        Origin.Sentinel => "the sentinel, a copy with raised hyperparameters",
        Origin.Raised => "a copy of the champion, raised after the drift",
        Origin.Fresh => "fresh weights",
        _ => "a champion of the past",
    };
}

/// <summary>Where a challenger's weights and hyperparameters come from.</summary>
internal enum Origin
{
    /// <summary>A copy of the champion, one hyperparameter moved.</summary>
    Step,

    /// <summary>A copy of the champion, with hyperparameters of an earlier champion.</summary>
    Recall,

    /// <summary>A copy of the explorer, with the champion's hyperparameters.</summary>
    Settle,

    /// <summary>A copy of the champion with slightly raised hyperparameters, which stays as long as copies of it win.</summary>
    Explorer,

    /// <summary>A copy of the champion with raised hyperparameters that stays, however it does.</summary>
    Sentinel,

    /// <summary>A copy of the champion after a drift.</summary>
    Raised,

    /// <summary>Weights that know nothing.</summary>
    Fresh,

    /// <summary>A champion of the past, with its hyperparameters.</summary>
    Archive,
}
