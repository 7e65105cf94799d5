namespace AutoTune;

/// <summary>What a study that is saved in a file survives without the loss of anything that ended.</summary>
public enum Durability
{
    /// <summary>
    /// The end of the process in any way, kills included: what was recorded is with the operating system. If the machine loses power, the last
    /// facts may be lost (half a minute of them, with the usual settings of systems), never the file or the order: the study then goes on a little earlier.
    /// </summary>
    ProcessCrash,

    /// <summary>
    /// A loss of power, too: before a trial counts as ended, the disk has confirmed it. Costs one flush of the disk a trial, some milliseconds.
    /// </summary>
    PowerLoss,
}
