using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>On which rows a configuration is fitted, and on which it is evaluated.</summary>
internal abstract record Resampling
{
    private Resampling() { }

    /// <summary>Rows with the same value in this column stay together; null: no groups.</summary>
    public string? Groups => (this as CrossValidation)?.GroupColumn ?? (this as HoldOut)?.GroupColumn;

    /// <summary>Whether labels are spread evenly; null: if the task is a classification and its label can be read before tuning.</summary>
    public bool? Spread => (this as CrossValidation)?.Stratify ?? (this as HoldOut)?.Stratify;

    /// <summary>Each fold once.</summary>
    /// <param name="Folds">How many.</param>
    /// <param name="Stratify">Whether each fold has its share of every label; null: if the task is a classification and its label can be read before tuning.</param>
    /// <param name="GroupColumn">Rows with the same value here stay together; null: no groups.</param>
    public sealed record CrossValidation(int Folds, bool? Stratify, string? GroupColumn) : Resampling;

    /// <summary>A part of the training data, drawn once.</summary>
    /// <param name="Fraction">Its share.</param>
    /// <param name="Stratify">As for folds.</param>
    /// <param name="GroupColumn">As for folds.</param>
    public sealed record HoldOut(double Fraction, bool? Stratify, string? GroupColumn) : Resampling;

    /// <summary>Data of the user's own.</summary>
    public sealed record ValidationData(IDataView Data) : Resampling;
}
