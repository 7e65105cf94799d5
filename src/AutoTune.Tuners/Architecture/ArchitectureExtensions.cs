using System.Collections.Immutable;
using AutoTune.Tuners.Architecture;

namespace AutoTune;

/// <summary>The verb that makes a study search for an architecture.</summary>
public static class ArchitectureExtensions
{
    /// <summary>
    /// Searches for an architecture: networks that pass messages over a cell's graph learn from all trials what architectures give, and the most promising one comes next.
    /// Cells that are equal in function are not tried twice. Other hyperparameters of the space are searched with it.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="cells">The cells of its space, made by <c>space.AddCell</c> or <see cref="TunableCell.Over"/>; at least one.</param>
    /// <param name="options">How it searches; null: the defaults.</param>
    /// <exception cref="ArgumentException">There is no cell, one is null, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <remarks>White and others 2021 (BANANAS), with a graph network. With a cell of another space the tuner cannot begin: the study warns and draws at random.</remarks>
    public static T UseArchitectureSearch<T>(this T study, IReadOnlyList<TunableCell> cells, ArchitectureOptions? options = null)
        where T : StudyBuilder
    {
        ArgumentNullException.ThrowIfNull(cells);
        ImmutableArray<TunableCell> own = [.. cells];
        if (own.IsEmpty) throw new ArgumentException("UseArchitectureSearch was given no cell; declare one with space.AddCell(\"cell\", nodes: 4, operations: [...]) and give it.", nameof(cells));
        if (own.Contains(null!) || own.Distinct().Count() < own.Length)
            throw new ArgumentException("UseArchitectureSearch was given a cell that is null or there twice; give each cell of the space once.", nameof(cells));
        var validated = (options ?? new ArchitectureOptions()).Validated();
        return study.UseTuner("architecture search", (space, random) => new ArchitectureTuner(space, own, validated, random, study.Steps));
    }
}
