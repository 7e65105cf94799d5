using Microsoft.ML;
using Microsoft.ML.Data;

namespace AutoTune.MLNet.Online;

/// <summary>A batch: the prepared data as a trainer takes them, and as numbers.</summary>
/// <param name="View">The data.</param>
/// <param name="Features">A row each.</param>
/// <param name="Labels">A label each; 1 and -1 for two classes.</param>
internal sealed record LabelledRows(IDataView View, float[][] Features, float[] Labels)
{
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are no rows.</exception>
    public static LabelledRows Read(IDataView view, string featureColumn, string labelColumn, bool isBinary, bool needsLabels = true)
    {
        var features = Column(view, featureColumn);
        if (features.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{featureColumn}' is {features.Type}; an online trainer needs a vector of Single of known size: Transforms.Concatenate(\"{featureColumn}\", ...) in the preparation makes one.");
        var label = needsLabels ? Column(view, labelColumn) : (DataViewSchema.Column?)null;
        DataViewType expected = isBinary ? BooleanDataViewType.Instance : NumberDataViewType.Single;
        if (label is { } there && !there.Type.Equals(expected))
            throw new ArgumentException($"Column '{labelColumn}' is {there.Type}; the trainer needs {expected}: Transforms.Conversion.ConvertType in the preparation makes one.");
        List<float[]> rows = [];
        List<float> labels = [];
        using (var cursor = view.GetRowCursor(label is { } both ? [features, both] : [features]))
        {
            var getFeatures = cursor.GetGetter<VBuffer<float>>(features);
            ValueGetter<float>? getNumber = label is { } number && !isBinary ? cursor.GetGetter<float>(number) : null;
            ValueGetter<bool>? getTruth = label is { } truth && isBinary ? cursor.GetGetter<bool>(truth) : null;
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

        return rows.Count > 0 ? new LabelledRows(view, [.. rows], [.. labels]) : throw new ArgumentException("The batch has no rows.");
    }

    private static DataViewSchema.Column Column(IDataView view, string name)
        => view.Schema.GetColumnOrNull(name) ?? throw new ArgumentException($"The batch has no column '{name}' (it has {string.Join(", ", view.Schema.Select(column => column.Name))}); name the trainer's columns, or make it in the preparation.");
}
