namespace AutoTune;

/// <summary>What stayed of a layer.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Kept">How many units stayed.</param>
/// <param name="Of">How many there were.</param>
public readonly record struct KeptUnits(string Layer, int Kept, int Of);
