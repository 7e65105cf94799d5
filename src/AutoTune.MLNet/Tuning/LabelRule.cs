using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet;

/// <summary>What a task asks of a column that it reads, once the pipeline has run.</summary>
/// <param name="Column">The column.</param>
/// <param name="Kind">What it must hold.</param>
internal sealed record LabelRule(string Column, LabelKind Kind)
{
    public bool IsClass => Kind is LabelKind.Boolean or LabelKind.Key;

    /// <summary>What is wrong with the column, null if nothing.</summary>
    public string? ProblemOf(SchemaShape.Column column)
    {
        var isScalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
        var found = (isScalar ? "" : "a vector of ") + (column.IsKey ? "a key" : column.ItemType.ToString());
        return Kind switch
        {
            LabelKind.Number when !isScalar || column.IsKey || column.ItemType != NumberDataViewType.Single
                => $"Label column '{Column}' is {found}; regression needs Single. Load it as a number (DataKind.Single, float), or begin the pipeline with ml.Transforms.Conversion.ConvertType(\"{Column}\").",
            LabelKind.Boolean when !isScalar || column.IsKey || column.ItemType != BooleanDataViewType.Instance
                => $"Label column '{Column}' is {found}; two classes need Boolean. Load it as bool (DataKind.Boolean), or begin the pipeline with ml.Transforms.Conversion.MapValue(...) to true and false.",
            LabelKind.Key when !isScalar || !column.IsKey
                => $"Label column '{Column}' is {found}; several classes need a key. Begin the pipeline with ml.Transforms.Conversion.MapValueToKey(\"{Column}\").",
            _ => null,
        };
    }
}

/// <summary>What a label column must hold.</summary>
internal enum LabelKind
{
    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A class of several.</summary>
    Key,

    /// <summary>Whatever the user's metric makes of it.</summary>
    Any,
}
