using Microsoft.ML;

namespace AutoTune.MLNet;

/// <summary>A user's data, read once into memory and shared by all trials.</summary>
internal sealed class CachedData
{
    private CachedData(IDataView view, int rows)
    {
        View = view;
        Rows = rows;
    }

    public IDataView View { get; }

    public int Rows { get; }

    /// <summary>Reads all of the data.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read.</exception>
    public static CachedData Read(IDataView data, string name)
    {
        // A context of its own, so that no trial's cancellation reaches the cache.
        var view = new MLContext().Data.Cache(data);
        try
        {
            var rows = 0;
            using var cursor = view.GetRowCursor(view.Schema);
            while (cursor.MoveNext()) rows++;
            return new CachedData(view, rows);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"The {name} data cannot be read: {error.GetBaseException().Message}", error);
        }
    }
}
