namespace AutoTune.MLNet;

/// <summary>What a <see cref="PipelineTuning"/> has gathered beyond a study's settings.</summary>
internal sealed class EvaluationSettings
{
    public Resampling Resampling { get; set; } = new Resampling.CrossValidation(5, null, null);

    /// <summary>What grows from step to step; null: a step is a fold.</summary>
    public Growth? Growth { get; set; }

    public int ThreadsPerTrial { get; set; } = 1;

    public LabelRule? Label { get; set; }

    /// <summary>A column that the pipeline must make for the metric to be computed, with the reason; null: none.</summary>
    public (string Column, string Remedy)? Needs { get; set; }

    public Measure? Measure { get; set; }
}
