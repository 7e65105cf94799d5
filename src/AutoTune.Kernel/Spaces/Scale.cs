namespace AutoTune;

/// <summary>How a numeric range is laid out for the search.</summary>
public enum Scale
{
    /// <summary>Equal differences are equal steps of the search.</summary>
    Linear,

    /// <summary>Equal ratios are equal steps of the search; the range must lie above 0. The usual choice for learning rates, penalties and sizes.</summary>
    Log,
}
