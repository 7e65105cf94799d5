namespace AutoTune.Torch.Optimizers;

/// <summary>What must hold of the groups of an optimizer: TorchSharp's own errors do not say whose they are.</summary>
internal static class ParameterGroups
{
    /// <exception cref="ArgumentException">There is no group, or a parameter is in two.</exception>
    public static IReadOnlyList<ParameterGroup> Checked(IEnumerable<ParameterGroup> groups, string whose)
    {
        var all = groups.ToList();
        if (all.Count == 0) throw new ArgumentException($"'{whose}' is given no parameters; give it those of the network: net.parameters().", nameof(groups));
        var owners = new Dictionary<IntPtr, string>();
        foreach (var group in all)
        {
            foreach (var parameter in group.Parameters)
            {
                if (owners.TryAdd(parameter.Handle, group.Name)) continue;
                throw new ArgumentException($"'{whose}' is given a parameter of shape [{string.Join(", ", parameter.shape)}] twice, in the groups '{owners[parameter.Handle]}' and '{group.Name}'; each parameter has one learning rate.", nameof(groups));
            }
        }

        return all;
    }
}
