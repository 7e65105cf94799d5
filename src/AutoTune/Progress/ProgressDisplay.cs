namespace AutoTune;

/// <summary>How a study shows its progress.</summary>
public enum ProgressDisplay
{
    /// <summary>A live display on a terminal; lines where the output goes to a file or the terminal cannot do it.</summary>
    Automatic,

    /// <summary>A live display, redrawn four times a second.</summary>
    Live,

    /// <summary>Plain lines: at the start, for each new best, for each tenth of the way, at the end.</summary>
    Lines,

    /// <summary>Nothing.</summary>
    None,
}
