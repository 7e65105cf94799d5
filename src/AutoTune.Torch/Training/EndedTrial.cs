namespace AutoTune.Torch.Training;

/// <summary>A trial that has ended, as the objective would see it: a configuration and a folder, nothing to report to.</summary>
internal sealed class EndedTrial(Trial trial, string folder) : ITrialContext
{
    public TrialId Id => trial.Id;

    public Configuration Configuration => trial.Configuration;

    public int? Budget => trial.Budget;

    public int ResumeAfterStep => 0;

    public RandomSource Random { get; } = new(0);

    public string ArtifactDirectory => folder;

    public Directive Report(int step, double value) => throw new InvalidOperationException($"{Id} has ended; a training that was restored reports to no study.");

    public double Declare(HyperparameterDeclaration declaration) => throw new InvalidOperationException($"{Id} has ended; read its configuration.");
}
