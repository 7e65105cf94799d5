using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Online;

/// <summary>A batch: the prepared data as a trainer takes them, and as numbers.</summary>
/// <param name="View">The data, in memory.</param>
/// <param name="Features">A row each.</param>
/// <param name="Labels">A label each; 1 and -1 for two classes.</param>
internal sealed record LabelledRows(IDataView View, float[][] Features, float[] Labels)
{
    /// <summary>Reads a batch, once: every model goes over it, and where it comes from may be slow, or give its rows only one time.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are no rows.</exception>
    public static LabelledRows Read(MLContext context, IDataView view, string featureColumn, string labelColumn, bool isBinary)
    {
        var features = Column(view, featureColumn);
        if (features.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{featureColumn}' is {features.Type}; an online trainer needs a vector of Single of known size: Transforms.Concatenate(\"{featureColumn}\", ...) in the preparation makes one.");
        var label = Column(view, labelColumn);
        DataViewType expected = isBinary ? BooleanDataViewType.Instance : NumberDataViewType.Single;
        if (!label.Type.Equals(expected))
            throw new ArgumentException($"Column '{labelColumn}' is {label.Type}; the trainer needs {expected}: Transforms.Conversion.ConvertType in the preparation makes one.");
        var cached = context.Data.Cache(view, featureColumn, labelColumn);
        (features, label) = (Column(cached, featureColumn), Column(cached, labelColumn));
        List<float[]> rows = [];
        List<float> labels = [];
        using (var cursor = cached.GetRowCursor([features, label]))
        {
            var getFeatures = cursor.GetGetter<VBuffer<float>>(features);
            var getNumber = isBinary ? null : cursor.GetGetter<float>(label);
            var getTruth = isBinary ? cursor.GetGetter<bool>(label) : null;
            var buffer = default(VBuffer<float>);
            while (cursor.MoveNext())
            {
                getFeatures(ref buffer);
                rows.Add([.. buffer.DenseValues()]);
                var value = 0f;
                if (getNumber is not null) getNumber(ref value);
                else if (getTruth is not null)
                {
                    var isTrue = false;
                    getTruth(ref isTrue);
                    value = isTrue ? 1 : -1;
                }

                labels.Add(value);
            }
        }

        return rows.Count > 0 ? new LabelledRows(cached, [.. rows], [.. labels]) : throw new ArgumentException("The batch has no rows; it must have 1 or more: skip empty ones.");
    }

    /// <summary>A row of zeros, to make predictors with.</summary>
    public static IDataView Zeros(MLContext context, string featureColumn, int features, string labelColumn, bool isBinary)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        schema.Remove(schema[isBinary ? nameof(Row.Number) : nameof(Row.Truth)]);
        schema[isBinary ? nameof(Row.Truth) : nameof(Row.Number)].ColumnName = labelColumn;
        schema[nameof(Row.Features)].ColumnName = featureColumn;
        return context.Data.LoadFromEnumerable([new Row(new float[features], 0, false)], schema);
    }

    private static DataViewSchema.Column Column(IDataView view, string name)
        => view.Schema.GetColumnOrNull(name) ?? throw new ArgumentException($"The batch has no column '{name}' (it has {string.Join(", ", view.Schema.Select(column => column.Name))}); name the trainer's columns, or make it in the preparation.");

    private sealed record Row(float[] Features, float Number, bool Truth);
}
