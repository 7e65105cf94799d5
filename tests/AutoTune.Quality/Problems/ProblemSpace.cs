using System.Collections.Immutable;

namespace AutoTune.Quality.Problems;

/// <summary>A problem as a search space, conditions included, and its configurations as points.</summary>
internal sealed class ProblemSpace
{
    private readonly Problem _problem;
    private readonly Hyperparameter[] _handles; // in the problem's order

    /// <summary>The space of this problem.</summary>
    /// <exception cref="ProblemException">Conditions go in a circle, or hang on something that is not there.</exception>
    public ProblemSpace(Problem problem)
    {
        _problem = problem;
        _handles = new Hyperparameter[problem.Hyperparameters.Length];
        var builder = new SearchSpaceBuilder();
        // A parent is declared before its children, wherever the file lists it.
        for (var left = problem.Hyperparameters.Length; left > 0;)
        {
            var before = left;
            for (var i = 0; i < _handles.Length; i++)
            {
                var parent = problem.Hyperparameters[i].Parent is { } name ? problem.IndexOf(name) : -1;
                if (_handles[i] is not null || (parent >= 0 && _handles[parent] is null)) continue;
                _handles[i] = Add(builder, problem.Hyperparameters[i], parent < 0 ? null : ConditionOn(parent, problem.Hyperparameters[i].ParentValues));
                left--;
            }

            if (left == before) throw new ProblemException($"Problem '{problem.Name}': the conditions of its hyperparameters go in a circle.");
        }

        Space = builder.Build();
    }

    /// <summary>The space. Immutable; studies share it.</summary>
    public SearchSpace Space { get; }

    /// <summary>The configuration as evaluators read it.</summary>
    public Point PointOf(Configuration configuration)
    {
        var codes = new double[_handles.Length];
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = _handles[i] switch
            {
                var handle when !configuration.IsActive(handle) => double.NaN,
                Hyperparameter<string> choice => choice.ToCode(configuration.Get(choice)),
                Hyperparameter<int> whole => configuration.Get(whole),
                // An ordinal list is a list of doubles; its code is the index, that of a range the value.
                Hyperparameter<double> real => real.ToCode(configuration.Get(real)),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        return new Point(_problem.Hyperparameters, codes);
    }

    private static Hyperparameter Add(SearchSpaceBuilder space, ProblemHyperparameter h, Condition? condition)
    {
        var scale = h.IsLog ? Scale.Log : Scale.Linear;
        return h.Kind switch
        {
            ValueKind.Real => space.AddReal(h.Name, h.Low, h.High, scale, activeWhen: condition),
            ValueKind.Integer => space.AddInteger(h.Name, (int)h.Low, (int)h.High, scale, activeWhen: condition),
            ValueKind.Ordinal => space.AddOrdered(h.Name, h.Numbers, condition),
            ValueKind.Categorical => space.AddCategorical(h.Name, h.Choices, condition),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private Condition ConditionOn(int parent, ImmutableArray<string> values)
    {
        var codes = values.Select(_problem.Hyperparameters[parent].Code).ToArray();
        return _handles[parent] switch
        {
            Hyperparameter<string> choice => choice.Is([.. values]),
            Hyperparameter<int> whole => whole.Is([.. codes.Select(code => (int)code)]),
            Hyperparameter<double> real => real.Is([.. codes.Select(code => real.Choices.IsEmpty ? code : real.Choices[(int)code])]),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
