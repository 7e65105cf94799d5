namespace AutoTune.Tuners.Trees;

/// <summary>At which numbers of trials models are learnt anew: each up to 200, then whenever it has grown by a fiftieth.</summary>
/// <remarks>A function of the number alone, so that a resumed study learns its model from the same trials as one that never stopped.</remarks>
internal static class ModelSchedule
{
    private const int Dense = 200, SparseStep = 50;

    /// <summary>The last number of trials up to this one at which a model is learnt.</summary>
    public static int Before(int trials)
    {
        if (trials <= Dense) return trials;
        var at = Dense;
        while (at + at / SparseStep <= trials) at += at / SparseStep;
        return at;
    }
}
