namespace AutoTune.Torch.Augmentation;

/// <summary>The operations that a definition names, in the order they are applied.</summary>
internal sealed class OperationList
{
    private readonly List<AugmentationOperation> _operations = [];

    public IReadOnlyList<AugmentationOperation> Operations => _operations;

    public bool AreTogether { get; set; }

    /// <exception cref="ArgumentOutOfRangeException">The largest strength is not above 0, or beyond the operation's limit.</exception>
    /// <exception cref="ArgumentException">The operation is there already.</exception>
    public void Add(AugmentationOperation operation)
    {
        if (!(operation.Largest > 0 && operation.Largest <= operation.Limit))
            throw new ArgumentOutOfRangeException(nameof(operation), operation.Largest, FormattableString.Invariant($"The largest strength of '{operation.Name}', {operation.Largest}, must be above 0 and at most {operation.Limit}; leave the operation out instead of 0."));
        if (_operations.Exists(other => other.Name == operation.Name)) throw new ArgumentException($"'{operation.Name}' is there already; name each operation once.");
        _operations.Add(operation);
    }
}
