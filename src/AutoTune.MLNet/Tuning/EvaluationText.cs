using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AutoTune.MLNet;

/// <summary>Says in a line what makes the values of a study comparable, so that a stored study is not continued on other data or folds.</summary>
internal static class EvaluationText
{
    /// <returns>Such as "5 folds of 2344 rows, label Sale_Price, data 3f2a9c1e".</returns>
    public static string Of(CachedData data, LabelReader labels, EvaluationSettings settings, ImmutableArray<TrainingSplit> splits)
    {
        var values = settings.Label is { } label ? labels.Read(label.Column) : null;
        var way = settings.Resampling switch
        {
            Resampling.CrossValidation cv => $"{cv.Folds} folds{Dealt(cv.Stratify, cv.GroupColumn)}",
            Resampling.HoldOut part => FormattableString.Invariant($"{part.Fraction} held out{Dealt(part.Stratify, part.GroupColumn)}"),
            Resampling.ValidationData => FormattableString.Invariant($"{splits.FirstOrDefault()?.Validation.GetRowCount()} validation rows, fitted on all"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return FormattableString.Invariant($"{way} of {data.Rows} rows{(settings.Label is { } of ? $", label {of.Column}" : "")}, data {Fingerprint(data, values)}{(settings.Growth is { } growth ? $", {growth}" : "")}");

        // What is dealt counts, not whether it was said or is the default.
        string Dealt(bool? stratify, string? groupColumn)
            => groupColumn is not null ? $" by {groupColumn}" : stratify ?? (settings.Label is { IsClass: true } && values is not null) ? ", stratified," : "";
    }

    /// <summary>Of the columns' names and types, and of every row's label: other rows of the same number rarely have the same labels in the same order.</summary>
    private static string Fingerprint(CachedData data, ImmutableArray<double>? labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in data.View.Schema) hash.AppendData(Encoding.UTF8.GetBytes($"{column.Name} {column.Type}\n"));
        if (labels is { } values) hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 4));
    }
}
