namespace AutoTune.Tuners.GaussianProcess;

/// <summary>How closely a surrogate looks at the best losses: see <see cref="LossWarp"/>.</summary>
internal enum LossView
{
    /// <summary>The better half in full, of the worse half its order alone: it resolves ever finer differences, and so goes deep.</summary>
    Near,

    /// <summary>Losses in proportion, far outliers pulled in: what little is left to gain near the best looks little, and so it goes elsewhere.</summary>
    Wide,
}
