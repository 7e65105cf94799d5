using AutoTune.Quality.Problems;
using static System.Math;

namespace AutoTune.Quality.Evaluators;

/// <summary>The functions of mixed and conditional spaces, in the form that the folder's page gives.</summary>
internal static class ToyTrainings
{
    /// <summary>Ackley's function, moved along its third axis and raised by a choice.</summary>
    public static double AckleyMixed(double[] z, string choice)
    {
        var (along, up) = choice switch
        {
            "a" => (0.0, 0.5),
            "b" => (2.0, 0.0),
            "c" => (4.0, 1.0),
            "d" => (-3.0, 1.5),
            _ => throw new ProblemException($"ackley5mix has no choice '{choice}'; it has a, b, c, d."),
        };
        z[2] += along;
        return TestFunctions.Ackley(z) + up;
    }

    /// <summary>A network's training: each optimizer has its own best learning rate, and diverges above it.</summary>
    public static double Network(Point point)
    {
        var rate = Log10(point.Number("lr"));
        var decay = Log10(point.Number("wd"));
        var units = Log2(point.Number("units"));
        var dropout = point.Number("dropout");
        var (bestRate, floor) = point.Choice("opt") switch
        {
            "sgd" => (-1.3, 0.05),
            "adam" => (-3.0, 0.0),
            "rmsprop" => (-3.4, 0.03),
            var other => throw new ProblemException($"hpotoy has no optimizer '{other}'; it has sgd, adam, rmsprop."),
        };
        return 0.08 + floor
            + 0.06 * (1 - Exp(-0.5 * Square((rate - bestRate) / 0.6)))
            + 0.02 * Square((decay + 4 + 0.5 * (rate - bestRate)) / 2)
            + 0.01 * Square((units - 7.3 - 2 * dropout) / 2)
            + 0.05 * Square(dropout - 0.25)
            + 0.02 * Abs(point.Number("layers") - 3) / 3
            + 0.3 / (1 + Exp(-4 * (rate - bestRate - 1.2)));
    }

    /// <summary>A choice among three learners, each with hyperparameters of its own.</summary>
    public static double Learners(Point point) => point.Choice("algo") switch
    {
        "svm" => 0.12 + 0.03 * Square((Log10(point.Number("C")) - 1) / 2)
            + (point.Choice("kernel") == "rbf" ? 0.04 * Square((Log10(point.Number("gamma")) + 2.2) / 1.5) : 0.05),
        "gbm" => 0.10 + 0.02 * Square((Log10(point.Number("eta")) + 1.1) / 0.7) + 0.004 * Square(point.Number("depth") - 6)
            + 0.03 * Square(Log10(point.Number("rounds")) - 2.4) + 0.05 * Square(point.Number("subsample") - 0.8),
        "knn" => 0.13 + 0.02 * Square(Log10(point.Number("k")) - 0.9) + (point.Choice("w") == "uniform" ? 0.01 : 0),
        var other => throw new ProblemException($"condtoy has no learner '{other}'; it has svm, gbm, knn."),
    };

    private static double Square(double value) => value * value;
}
