namespace AutoTune.Torch.Declaring;

/// <summary>Where a ready-made part declares its hyperparameters: in a space, or in the trial itself.</summary>
internal interface IDeclaration
{
    /// <summary>One of several, told apart by their names; a single one is no hyperparameter.</summary>
    Func<Configuration, string> Choice(IReadOnlyList<string> names);

    /// <summary>Where the hyperparameters of one of them are declared.</summary>
    /// <returns>Null if this trial's configuration has another, so that they are not to be declared.</returns>
    IDeclaration? Of(string choice);

    /// <summary>A real number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the bounds.</exception>
    Func<Configuration, double> Real(string name, RealRange range, Bounds bounds);

    /// <summary>Yes or no.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value; null: searched.</param>
    Func<Configuration, bool> Boolean(string name, bool? value);
}
