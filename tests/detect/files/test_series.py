"""Reading series from a long CSV, and what a range of them means."""

from __future__ import annotations

import numpy as np
import pytest

from engine.detect.files.series import read


def test_one_series_without_a_name_is_called_one():
    table = read(["t,y", "2,5", "1,4", "3,NA"])
    assert table.names == ("1",)
    assert table.times.tolist() == [1, 2, 3]
    np.testing.assert_array_equal(table.counts, [[4, 5, np.nan]])
    assert table.population is None and table.label(2) == "3"


def test_holes_in_an_even_grid_and_points_that_one_series_lacks_are_missing():
    table = read(["series,t,y,population", "a,1,4,10", "a,2,5,10", "a,5,6,11", "b,2,1,20"])
    assert table.times.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(table.counts[1], [np.nan, 1, np.nan, np.nan, np.nan])
    assert table.population is not None and table.population[0, 4] == 11


def test_months_are_uneven_and_stay_as_they_are():
    table = read(["t,y", "2024-01-01,1", "2024-02-01,2", "2024-03-01,3", "2024-04-01,4"])
    assert table.dated and table.times.size == 4 and table.label(1) == "2024-02-01"


def test_weeks_with_a_hole_are_filled():
    table = read(["t,y", "2024-01-01,1", "2024-01-08,2", "2024-01-22,3"])
    assert [table.label(position) for position in range(4)][2] == "2024-01-15"
    assert np.isnan(table.counts[0, 2])


def test_a_month_that_is_left_out_is_missing():
    table = read(["t,y", "2023-11-01,1", "2023-12-01,2", "2024-02-01,4", "2024-03-01,5"])
    assert [table.label(position) for position in range(5)][2] == "2024-01-01"
    np.testing.assert_array_equal(table.counts, [[1, 2, np.nan, 4, 5]])


def test_blank_lines_and_blanks_about_names_and_cells_mean_nothing():
    table = read(["", " series , t , y ", " a , 1 , 4 ", ",,", "", "a,2, NA "])
    assert table.names == ("a",) and table.times.tolist() == [1, 2]
    np.testing.assert_array_equal(table.counts, [[4, np.nan]])


def test_a_range_counts_time_points_from_one():
    table = read(["t,y", *(f"{t},{t}" for t in range(101, 111))])
    assert table.positions("3-5").tolist() == [2, 3, 4]
    assert table.positions("4").tolist() == [3]


def test_a_range_of_dates_is_the_points_in_between():
    table = read(["t,y", *(f"2024-01-{day:02},1" for day in range(1, 11))])
    assert table.positions("2024-01-03-2024-01-05").tolist() == [2, 3, 4]
    assert table.positions("2024-01-09..2024-02-09").tolist() == [8, 9]


@pytest.mark.parametrize(
    ("text", "message"),
    [("a-b", "cannot read the range"), ("0-4", "from 1 on"), ("5-4", "must rise"),
     ("2024-01-01-7", "mixes a date"), ("2024-01-01-2024-01-02", "t is a number")],
)  # fmt: skip
def test_a_range_that_means_nothing_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        read(["t,y", "1,1", "2,2"]).positions(text)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "no column 't'; found: nothing"),
        (["t,n", "1,2"], "no column 'y'; found: t, n"),
        (["t,y"], "holds no time point"),
        (["t,y", "1,4", "1,5"], "line 3: the time point 1 of series 1 stands here again"),
        (["t,y,y", "1,4,4"], "the column 'y' more than once"),
        (["t,y", "1,4", "2,1,000"], "line 3: 3 cells, but the header has 2"),
        (["t,y", "1,4", "2,-3"], "line 3: y must lie from 0 to 1e\\+15, found '-3'"),
        (["t,y", "1,4", "2,inf"], "line 3: y must lie from 0"),
        (["t,y,population", "1,4,-1"], "line 2: population must lie from 0"),
        (["t,y", "1,4", f"{10**30},2"], "line 3: t must be a whole number"),
        (["t,y", "1,4", "2,5", "90000000,2"], "90000000 time points of 1, of which the file has only 3"),
        (["t,y", "1,4", "2,many"], "line 3: y must be a number, found 'many'"),
        (["t,y", "1,4", "2024-01-01,5"], "line 3: t must be a whole number"),
        (["t,y", "2024-01-01,4", "2024-02-30,5"], "line 3: t must be a date"),
        (["t,y", "1.5,4"], "line 2: t must be a whole number"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(lines, message):
    with pytest.raises(ValueError, match=message):
        read(lines)
